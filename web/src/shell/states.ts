/** States of the firewall in words. */
export const STATES = {
  protecting: { name: 'Protecting', color: 'teal', text: 'Attackers are blocked.' },
  monitoring: {
    name: 'Monitoring',
    color: 'blue',
    text: 'Attacks are recorded and nobody is blocked: the policy says monitor.',
  },
  degraded: { name: 'Degraded', color: 'yellow', text: 'It protects, but something is wrong.' },
  down: { name: 'Down', color: 'red', text: 'Nothing is protected.' },
  unknown: {
    name: 'No answer',
    color: 'gray',
    text: 'The console does not answer. The firewall itself goes on working.',
  },
} as const;
