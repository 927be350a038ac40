/** Makes a test of every scenario of a topic. A failure shows the whole timeline. */
import { describe, test } from 'vitest';
import { play } from './scenario.ts';
import { SCENARIOS, type Topic } from './scenarios/index.ts';
import { Timeline } from './timeline.ts';

export function playTopic(topic: Topic): void {
  describe(topic, () => {
    for (const scenario of SCENARIOS[topic])
      test(`${scenario.name}: ${scenario.title}`, () => play(scenario, new Timeline()));
  });
}
