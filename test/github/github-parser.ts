import { NoOperationTraceWriter, parseWorkflow } from '@actions/workflow-parser';

/**
 * What GitHub's own parser has to say of the workflow on stdin, as JSON. A program of its own, under tsx: the package
 * imports JSON in a way that Node refuses.
 */
const content = (await process.stdin.toArray()).join('');
const { context } = parseWorkflow({ name: 'workflow', content }, new NoOperationTraceWriter());
process.stdout.write(JSON.stringify(context.errors.getErrors().map(String)));
