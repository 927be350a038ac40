import { playTopic } from './play-topic.ts';

playTopic('blocks');
