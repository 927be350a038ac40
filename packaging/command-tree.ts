/** The commands as they are declared (cli/program.ts), for whatever is made of them: nothing here can drift from the program. */
import type { Command } from 'commander';
import { buildProgram } from '../cli/program.ts';

export interface Described {
  word: string;
  text: string;
}

export interface CommandNode {
  /** Words after `ringfence`; empty for the program itself. */
  path: string[];
  text: string;
  /** As it is typed: arguments and `[options]`. */
  usage: string;
  arguments: Described[];
  options: (Described & { flags: string; takesValue: boolean })[];
  commands: CommandNode[];
}

export function commandTree(): CommandNode {
  return nodeOf(
    buildProgram(() => {}),
    [],
  );
}

export function allCommands(node: CommandNode): CommandNode[] {
  return [node, ...node.commands.flatMap(allCommands)];
}

function nodeOf(command: Command, path: string[]): CommandNode {
  const help = command.createHelp();
  return {
    path,
    text: command.description(),
    usage: command.usage(),
    arguments: command.registeredArguments.map((one) => ({ word: one.name(), text: one.description })),
    options: help.visibleOptions(command).map((option) => {
      const value =
        option.defaultValueDescription ?? (typeof option.defaultValue === 'string' ? option.defaultValue : null);
      const rest = value === null || value === '' ? '' : ` (default: ${value})`;
      return {
        word: option.long ?? option.short!,
        flags: option.flags,
        text: `${option.description}${rest}`,
        takesValue: option.required || option.optional,
      };
    }),
    commands: command.commands.map((child) => nodeOf(child, [...path, child.name()])),
  };
}
