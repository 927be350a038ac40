/** Which passwords are refused: NIST SP 800-63B-4 asks for length and for none of the worst, not for special characters. */

export const PASSWORD_CHARS_MIN = 12;
export const PASSWORD_CHARS_MAX = 1024;

/** Those of 12 characters and more that head the lists of leaked passwords, and what this product suggests; digits at the end do not help. */
const WORST = [
  'administrator',
  'asteriskasterisk',
  'changemeplease',
  'correcthorsebatterystaple',
  'freepbxfreepbx',
  'iloveyouforever',
  'letmeinletmein',
  'passwordpassword',
  'qwertyuiop',
  'qwertyuiopasdfghjkl',
  'ringfence',
  'ringfenceringfence',
  'welcomewelcome',
  '1q2w3e4r5t6y',
  '1qaz2wsx3edc',
  'password',
  'asterisk',
];

/** Null: good enough. Else what is wrong, in a sentence. */
export function passwordProblem(password: string, name: string): string | null {
  const length = [...password].length;
  if (length < PASSWORD_CHARS_MIN)
    return `the password has ${length} characters: at least ${PASSWORD_CHARS_MIN} are needed; a few unrelated words are easy to keep in mind`;
  if (length > PASSWORD_CHARS_MAX) return `the password is longer than ${PASSWORD_CHARS_MAX} characters`;
  const letters = lettersOf(password);
  const stem = letters.replace(/\d+$/, '');
  const own = lettersOf(name);
  if (stem === own || letters === own.repeat(Math.ceil(letters.length / own.length)).slice(0, letters.length))
    return 'the password is made of the name: choose another one';
  if (WORST.includes(stem) || WORST.includes(letters))
    return 'the password is one of the first that are tried: choose another one';
  if (isRun(letters)) return 'the password is one character, or a row of neighbours (123456…): choose another one';
  return null;
}

/** Dashes between them and capitals help nobody. */
function lettersOf(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
}

/** `aaaa…`, `123456…`, `abcdef…`, `987654…`, and rows that begin anew (`123456123456`). */
function isRun(text: string): boolean {
  const half = text.slice(0, text.length / 2);
  const once = half !== '' && half.repeat(2) === text ? half : text;
  const codes = [...once].map((character) => character.codePointAt(0)!);
  const steps = new Set(
    codes
      .slice(1)
      .map((code, i) => code - codes[i])
      .map((step) => (step === -9 ? 1 : step)),
  );
  return steps.size <= 1 && Math.abs([...steps][0] ?? 0) <= 1;
}
