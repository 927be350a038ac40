/** One value changed in a text that a person wrote: their comments, order and spelling stay. */
import { isNode, parseDocument } from 'yaml';
import { getAt } from './paths.ts';
import type { PolicyDocument } from './schema.ts';
import { parsePolicy } from './yaml-file.ts';

/**
 * The text with the field at `path` as it is in `document`. Null: the text cannot be kept (anchors that other fields share, forms
 * that a single field cannot be written into), and has to be rendered anew.
 */
export function editText(text: string, path: string, document: PolicyDocument): string | null {
  const found = getAt(document, path);
  if ('errors' in found) return null;
  const { value } = found;
  let edited: string;
  try {
    const doc = parseDocument(text, { prettyErrors: false, logLevel: 'error' });
    const isList = Array.isArray(value);
    const sections = isList && value.some((item) => typeof item === 'object');
    const node = isList ? doc.createNode(sections ? value.map(said) : value, { flow: !sections }) : value;
    const before = doc.getIn(path.split('.'), true);
    if (isNode(before) && isNode(node)) [node.comment, node.commentBefore] = [before.comment, before.commentBefore];
    doc.setIn(path.split('.'), node);
    edited = doc.toString({ lineWidth: 0, flowCollectionPadding: true });
  } catch {
    // A scalar where the path needs a section (`ports: { sip: 5060 }` and `ports.sip.udp`).
    return null;
  }
  const again = parsePolicy(edited, 'policy');
  return 'document' in again && JSON.stringify(again.document) === JSON.stringify(document) ? edited : null;
}

/** Of a list's items what is not empty; the defaults come back when it is read. */
function said(item: unknown): unknown {
  if (typeof item !== 'object' || item === null) return item;
  return Object.fromEntries(Object.entries(item).filter(([, value]) => value !== ''));
}
