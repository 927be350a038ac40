import { playTopic } from './play-topic.ts';

playTopic('administrator');
