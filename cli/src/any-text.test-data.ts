/** Texts for property tests: anything at all, with what breaks out of quotes, templates and tags made likely. */
import fc from 'fast-check'

const NASTY = ['"', "'", '`', '\\', '\n', '\r\n', '\u2028', '{{', '}}', '{{{', '${', '*/', '//', '</script>', '<!--', ']]>', '&amp;', '🏦', '👩‍🚀', '\u0000', '\u001b[2J', '\ud800', '\\u0027', '%', '#', 'é']

/** Any text. */
export const anyText: fc.Arbitrary<string> = fc
  .array(fc.oneof(fc.constantFrom(...NASTY), fc.string({ unit: 'binary', maxLength: 4 })), { maxLength: 8 })
  .map((parts) => parts.join(''))

/** Random cases of each property; BOURSE_TEST_SCALE multiplies them. */
export const RUNS = { numRuns: 300 * Number(process.env['BOURSE_TEST_SCALE'] ?? '1') }
