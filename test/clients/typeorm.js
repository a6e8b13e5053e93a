// client: TypeORM
// npm: typeorm pg pg-copy-streams
'use strict';
const { DataSource, EntitySchema, In, Like } = require('typeorm');
const { BN, OTHER, BAD, FIRST, SECOND, THIRD, LIKE, RECORD, yes, index, array, cell, copies, refusal } = require('./common');

(async () => {
	const Entry = new EntitySchema({
		name: 'Entry', tableName: 'entries', columns: {
			id: { type: 'int', primary: true },
			bn: { type: 'varchar', nullable: true },
			account: { type: 'varchar', nullable: true },
			accounts: { type: 'varchar', array: true, nullable: true },
		},
	});
	const source = new DataSource({
		type: 'postgres', host: process.env.PGHOST, port: +process.env.PGPORT, username: process.env.PGUSER,
		database: process.env.PGDATABASE, entities: [Entry],
	});
	await source.initialize();
	const entries = source.getRepository('Entry');
	const found = async (rows, query) => {
		yes((await query.getMany()).length === rows);
		return index(await source.query(`EXPLAIN ${query.getQueryAndParameters()[0]}`, query.getQueryAndParameters()[1]));
	};
	const query = (where) => entries.createQueryBuilder('e').select('e.id').setFindOptions({ select: { id: true }, where });

	await cell('select', async () => {
		const row = await entries.findOneBy({ id: 1 });
		return yes(row.account === FIRST && row.bn === BN);
	});
	await cell('insert', async () => yes(await entries.insert({ id: 20001, bn: BN, account: OTHER })));
	await cell('update', async () => yes((await entries.update({ id: 20001 }, { account: '123456782RC0002' })).affected === 1));
	await cell('filter', () => found(1, query({ account: THIRD })));
	await cell('varchar', () => found(1, entries.createQueryBuilder('e').select('e.id').where('e.account = CAST(:a AS varchar)', { a: THIRD })));
	await cell('any', () => found(2, query({ account: In([FIRST, SECOND]) })));
	await cell('like', async () => yes(await entries.countBy({ account: Like(LIKE) }) === 99));
	await cell('null', async () => {
		await entries.insert({ id: 20002, bn: null, account: null });
		return yes((await entries.findOneBy({ id: 20002 })).account === null);
	});
	await cell('array', async () => {
		await entries.update({ id: 1 }, { accounts: [FIRST, SECOND] });
		return array((await entries.findOneBy({ id: 1 })).accounts);
	});
	const runner = source.createQueryRunner();
	const beneath = await runner.connect();
	await cell('copy text', copies(beneath, 'driver')('text'));
	await cell('copy binary', copies(beneath, 'driver')('binary'));
	await runner.release();
	await cell('json', async () => {
		yes((await source.query('SELECT to_jsonb(e) AS e FROM entries e WHERE id = 1'))[0].e.account === FIRST);
		await source.query('INSERT INTO entries SELECT * FROM jsonb_populate_record(NULL::entries, $1)', [RECORD]);
		return yes((await entries.findOneBy({ id: 30001 })).account === '123456782RC0009');
	});
	await refusal(() => entries.insert({ id: 20003, bn: BAD }));
	await source.destroy();
})();
