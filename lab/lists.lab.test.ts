import { playTopic } from './play-topic.ts';

playTopic('lists');
