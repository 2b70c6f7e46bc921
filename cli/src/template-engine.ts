/** Renders Handlebars templates in which a value can only appear through an escaping helper. */
import Handlebars from 'handlebars'
import { environmentValue, jsonLiteral, markdownText, typescriptLiteral, xmlText, type Value } from './escape.js'

/** What a template may write, each for its own kind of file. */
const ESCAPING_HELPERS: Readonly<Record<string, (value: Value) => string>> = {
  ts: typescriptLiteral,
  json: jsonLiteral,
  md: (value) => markdownText(plain(value)),
  xml: (value) => xmlText(plain(value)),
  env: (value) => environmentValue(plain(value)),
}

function plain(value: Value): string {
  if (typeof value === 'object') throw new Error('Only texts and numbers can be written to this kind of file.')
  return String(value)
}

const BLOCKS = ['if', 'unless', 'each'] as const

/** A template that writes a value without an escaping helper, or uses something else that is not allowed. */
export class UnsafeTemplate extends Error {}

const engine = Handlebars.create()
for (const [name, escape] of Object.entries(ESCAPING_HELPERS)) engine.registerHelper(name, (value: Value | undefined) => escape(existing(name, value)))
for (const name of BLOCKS) {
  const block = Handlebars.helpers[name] as Handlebars.HelperDelegate
  engine.registerHelper(name, function (this: unknown, value: unknown, options: Handlebars.HelperOptions) {
    return block.call(this, existing(`#${name}`, value), options)
  })
}

/** Handlebars' own strict mode does not look at the arguments of helpers. */
function existing<T>(helper: string, value: T | undefined): T {
  if (value === undefined) throw new Error(`{{${helper} ...}} names a value that does not exist.`)
  return value
}

/**
 * Renders a template. A value that the template names and the view lacks is an error, never an empty text.
 *
 * @throws UnsafeTemplate before anything is rendered
 */
export function renderTemplate(name: string, source: string, view: Readonly<Record<string, unknown>>): string {
  const problems = unsafeParts(source)
  if (problems.length > 0) throw new UnsafeTemplate(`${name} cannot be rendered:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`)
  const knownHelpers = Object.fromEntries([...Object.keys(ESCAPING_HELPERS), ...BLOCKS].map((helper) => [helper, true]))
  return engine.compile(source, { noEscape: true, strict: true, knownHelpers, knownHelpersOnly: true })(view)
}

/** What in a template is not allowed: everything but `{{helper value}}`, `{{#if}}`, `{{#unless}}`, `{{#each}}` and comments. */
export function unsafeParts(source: string): string[] {
  return statementProblems(Handlebars.parse(source).body)
}

function statementProblems(body: readonly hbs.AST.Statement[]): string[] {
  return body.flatMap((statement) => {
    if (isMustache(statement)) return mustacheProblems(statement)
    if (isBlock(statement)) return blockProblems(statement)
    return statement.type === 'ContentStatement' || statement.type === 'CommentStatement' ? [] : [`line ${statement.loc.start.line}: ${statement.type} is not allowed`]
  })
}

function mustacheProblems(statement: hbs.AST.MustacheStatement): string[] {
  const helper = pathName(statement.path)
  const line = `line ${statement.loc.start.line}`
  if (!(helper in ESCAPING_HELPERS)) return [`${line}: {{${helper}}} writes a value without an escaping helper; use one of ${Object.keys(ESCAPING_HELPERS).join(', ')}`]
  if (statement.params.length !== 1 || statement.params[0]?.type !== 'PathExpression') return [`${line}: {{${helper}}} takes exactly one value`]
  return []
}

function blockProblems(statement: hbs.AST.BlockStatement): string[] {
  const name = pathName(statement.path)
  const own = BLOCKS.some((block) => block === name) ? [] : [`line ${statement.loc.start.line}: {{#${name}}} is not allowed`]
  return [...own, ...statementProblems(statement.program.body), ...statementProblems(statement.inverse?.body ?? [])]
}

function pathName(path: hbs.AST.PathExpression | hbs.AST.Literal): string {
  return 'original' in path ? String(path.original) : path.type
}

function isMustache(statement: hbs.AST.Statement): statement is hbs.AST.MustacheStatement {
  return statement.type === 'MustacheStatement'
}

function isBlock(statement: hbs.AST.Statement): statement is hbs.AST.BlockStatement {
  return statement.type === 'BlockStatement'
}
