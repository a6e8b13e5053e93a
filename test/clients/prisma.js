// client: Prisma
// npm: prisma @prisma/client @prisma/adapter-pg
'use strict';
const { execFileSync } = require('child_process');
const fs = require('fs');
const { BN, OTHER, BAD, FIRST, SECOND, THIRD, RECORD, yes, index, array, cell, refusal } = require('./common');

// The client is generated from a model; an account is declared as String.
fs.mkdirSync('prisma', { recursive: true });
fs.writeFileSync('prisma/schema.prisma', `
generator client {
  provider = "prisma-client-js"
  output   = "./generated"
}
datasource db {
  provider = "postgresql"
}
model Entry {
  id      Int     @id
  bn      String?
  account String? @unique
  @@map("entries")
}
`);
// Generating needs none of Prisma's native engines: fetch none.
execFileSync('node_modules/.bin/prisma', ['generate', '--schema', 'prisma/schema.prisma'], {
	stdio: 'ignore', env: { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: '/bin/true', CHECKPOINT_DISABLE: '1' },
});
const { PrismaClient } = require('./prisma/generated');
const { PrismaPg } = require('@prisma/adapter-pg');

(async () => {
	const db = new PrismaClient({ adapter: new PrismaPg({ max: 1 }), log: [{ emit: 'event', level: 'query' }] });
	let last;
	db.$on('query', (e) => { last = e; });
	const found = async (rows, where) => {
		yes((await db.entry.findMany({ select: { id: true }, where })).length === rows);
		return index(await db.$queryRawUnsafe(`EXPLAIN ${last.query}`, ...JSON.parse(last.params)));
	};

	await cell('select', async () => {
		const row = await db.entry.findUnique({ where: { id: 1 } });
		return yes(row.account === FIRST && row.bn === BN);
	});
	await cell('insert', async () => yes((await db.entry.create({ data: { id: 20001, bn: BN, account: OTHER } })).account === OTHER));
	await cell('update', async () => yes((await db.entry.update({ where: { id: 20001 }, data: { account: '123456782RC0002' } })).id === 20001));
	await cell('filter', () => found(1, { account: THIRD }));
	await cell('varchar', async () => yes((await db.$queryRaw`SELECT id FROM entries WHERE account = CAST(${THIRD} AS varchar)`).length === 1)
		&& index(await db.$queryRaw`EXPLAIN SELECT id FROM entries WHERE account = CAST(${THIRD} AS varchar)`));
	await cell('any', () => found(2, { account: { in: [FIRST, SECOND] } }));
	await cell('like', async () => yes(await db.entry.count({ where: { account: { startsWith: '123456782RM00' } } }) === 99));
	await cell('null', async () => {
		await db.entry.create({ data: { id: 20002, bn: null, account: null } });
		return yes((await db.entry.findUnique({ where: { id: 20002 } })).account === null);
	});
	// the model has no arrays of the type
	await cell('array', null, async () => {
		await db.$executeRaw`UPDATE entries SET accounts = ${[FIRST, SECOND]}::text[]::program_account[] WHERE id = 1`;
		return array((await db.$queryRaw`SELECT accounts::text[] FROM entries WHERE id = 1`)[0].accounts);
	});
	await cell('copy text');
	await cell('copy binary');
	const json = async (statement) => {
		yes((await db.$queryRaw`SELECT to_jsonb(e) AS e FROM entries e WHERE id = 1`)[0].e.account === FIRST);
		await statement();
		return yes((await db.entry.findUnique({ where: { id: 30001 } })).account === '123456782RC0009');
	};
	await cell('json', () => json(() => db.$executeRaw`INSERT INTO entries SELECT * FROM jsonb_populate_record(NULL::entries, ${RECORD})`),
		() => json(() => db.$executeRaw`INSERT INTO entries SELECT * FROM jsonb_populate_record(NULL::entries, ${RECORD}::jsonb)`));
	await refusal(() => db.entry.create({ data: { id: 20003, bn: BAD } }));
	await db.$disconnect();
})();
