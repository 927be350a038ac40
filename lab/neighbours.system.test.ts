import { playTopic } from './play-topic.ts';

playTopic('neighbours');
