// Copies the files that documents show into them: run after changing an example. The tests compare the two.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'

const pages = ['README.md', ...readdirSync('docs').filter((name) => name.endsWith('.md')).map((name) => `docs/${name}`)]
for (const page of pages) {
  const text = readFileSync(page, 'utf8')
  const updated = text.replace(/<!-- from (\S+) -->\n+(?:```ts\n[\s\S]*?```\n?)?/g, (_match, file) => `<!-- from ${file} -->\n\n\`\`\`ts\n${readFileSync(file, 'utf8')}\`\`\`\n`)
  if (updated !== text) writeFileSync(page, updated)
}
