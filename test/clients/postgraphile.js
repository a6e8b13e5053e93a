// PostGraphile over the reporting views, and over the tables: what a GraphQL
// client sees of them, against SQL.
'use strict';
const { graphql } = require('graphql');
const { createPostGraphileSchema, withPostGraphileContext } = require('postgraphile');
const { check, finish, pool, query } = require('./metadata');

const camel = (name) => name.replace(/_(\w)/g, (_, letter) => letter.toUpperCase());
const pascal = (name) => camel(`_${name}`);

(async () => {
	const schema = await createPostGraphileSchema(pool, ['reporting', 'public'], { legacyRelations: 'omit' });
	const ask = async (source, variableValues) => {
		const { data, errors } = await withPostGraphileContext({ pgPool: pool }, (contextValue) =>
			graphql({ schema, source, variableValues, contextValue }));
		if (errors)
			throw errors[0];
		return data;
	};
	const typeOf = (relation, column) => schema.getType(relation)?.getFields()[camel(column)]?.type.toString().replace('!', '');

	// every column is there; numbers are strings
	const columns = await query(`SELECT table_name AS view, column_name AS name, data_type AS type
		FROM information_schema.columns WHERE table_schema = 'reporting'`);
	const missing = columns.filter(({ view, name, type }) => {
		const seen = typeOf(pascal(view).replace(/s$/, ''), name);
		return !seen || (type === 'text' && seen !== 'String');
	});
	check(columns.length > 60 && missing.length === 0,
		`PostGraphile: ${columns.length} columns of the views are there, ids as strings${missing.map((c) => ` ${c.view}.${c.name}`)}`);

	// a filter and an order
	const fields = ['account', 'business_number', 'importer', 'status', 'required_bond', 'posted_bond', 'shortfall_bond', 'in_force_from'];
	const select = fields.map(camel).join(' ');
	const asked = await ask(`query ($account: String!) {
		one: allSecurityPositions(condition: { account: $account }) { nodes { ${select} } }
		all: allSecurityPositions(orderBy: [SHORTFALL_BOND_DESC, ACCOUNT_ASC]) { totalCount nodes { ${select} } }
	}`, { account: '078152618RM0001' });
	const rows = await query(`SELECT ${fields} FROM reporting.security_positions ORDER BY shortfall_bond DESC, account`);
	const same = (node, row) => fields.every((name) => node[camel(name)] === row[name]);
	check(asked.one.nodes.length === 1 && same(asked.one.nodes[0], rows.find((row) => row.account === '078152618RM0001')),
		'PostGraphile: filters the positions by an account');
	check(asked.all.totalCount === rows.length && asked.all.nodes.every((node, i) => same(node, rows[i])),
		`PostGraphile: ${rows.length} positions in order, as SQL gives them`);

	// tables too: types that it doesn't know are strings
	check(typeOf('Account', 'account') === 'String' && typeOf('Account', 'number') === 'String' && typeOf('DutyHistory', 'history') === 'String',
		'PostGraphile: columns of our types are strings');
	const { accountByAccount: found } = await ask(`{ accountByAccount(account: "078152618 rm 0001") {
		account number importerByNumber { name } } }`);
	check(found?.account === '078152618RM0001' && found.importerByNumber.name === 'Northgate Fasteners Ltd.',
		'PostGraphile: finds an account typed with spaces by its key, and its importer');
	const refused = await ask('{ accountByAccount(account: "123456789RM0001") { account } }').catch((error) => error.message);
	check(/invalid input syntax for type program_account/.test(refused), 'PostGraphile: a wrong number is refused');
})().then(finish, finish);
