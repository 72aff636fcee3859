/** The texts that stand in our own code, for tests that want a promise kept of each of them. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Node, type Program, parseSync, Visitor } from 'oxc-parser'

/** Stands for what is put into a template. */
const fact = '7'

/** The program files in a folder, at any depth. */
export function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .map((name) => join(folder, name))
}

export function textsOf(file: string): readonly string[] {
  const nodes: Node[] = []
  const take = (node: Node): void => void nodes.push(node)
  new Visitor({ Literal: take, TemplateLiteral: take }).visit(programOf(file))
  return nodes.flatMap(textOf)
}

/** Texts that are named a reason (`why`, `reason`, `cutReason`), and the messages of errors that people can act on. */
export function reasonsOf(file: string): readonly string[] {
  const nodes: Node[] = []
  new Visitor({
    Property: ({ key, value }) => {
      if (key.type === 'Identifier' && /^(?:why|reason)$/.test(key.name)) nodes.push(value)
    },
    VariableDeclarator: ({ id, init }) => {
      const isReason = id.type === 'Identifier' && /^reason$|Reason$/.test(id.name)
      if (isReason && init !== null) nodes.push(init)
    },
    NewExpression: ({ callee, arguments: [code, message] }) => {
      const isError = callee.type === 'Identifier' && callee.name === 'AppError'
      const isOurFault = code !== undefined && textOf(code).includes('internal')
      if (isError && !isOurFault && message !== undefined) nodes.push(message)
    },
  }).visit(programOf(file))
  return nodes.flatMap(textOf)
}

function programOf(file: string): Program {
  return parseSync(file, readFileSync(file, 'utf8')).program
}

/** None for what is no text, or is put together elsewhere. */
function textOf(node: Node): readonly string[] {
  if (node.type === 'Literal') return typeof node.value === 'string' ? [node.value] : []
  if (node.type !== 'TemplateLiteral') return []
  return [node.quasis.map(({ value }) => value.cooked ?? '').join(fact)]
}
