// PostGraphile 5 leaves out columns of types that it doesn't know, with a
// message for each. This plugin makes carm's types strings; the rest of the
// file sees it work.
import pg from 'pg';
import { makeSchema } from 'postgraphile';
import { PostGraphileAmberPreset } from 'postgraphile/presets/amber';
import { makePgService } from 'postgraphile/adaptors/pg';
import { TYPES } from 'postgraphile/@dataplan/pg';
import { execute, hookArgs } from 'postgraphile/grafast';
import { parse, validate } from 'postgraphile/graphql';
import sql from 'postgraphile/pg-sql2';

const names = ['bn9', 'program_account', 'duty_history'];

const CarmPlugin = {
	name: 'CarmPlugin',
	version: '1.0.0',
	gather: {
		hooks: {
			pgCodecs_findPgCodec(info, event) {
				const { typname } = event.pgType;
				const { nspname } = event.pgType.getNamespace();

				if (!event.pgCodec && names.includes(typname))
					event.pgCodec = { ...TYPES.text, name: typname, sqlType: sql.identifier(nspname, typname) };
			},
		},
	},
	schema: {
		hooks: {
			init(_, build) {
				for (const codec of Object.values(build.input.pgRegistry.pgCodecs))
					if (names.includes(codec.name))
						build.setGraphQLTypeForPgCodec(codec, ['input', 'output'], 'String');
				return _;
			},
		},
	},
};

const check = (holds, name) => console.log(`${holds ? 'ok' : 'not ok'} - PostGraphile 5: ${name}`);
const connectionString = `postgresql://broker:${process.env.CARM_PASSWORD}@127.0.0.1:${process.env.PGPORT}/broker`;
const { schema, resolvedPreset } = await makeSchema({
	extends: [PostGraphileAmberPreset],
	plugins: [CarmPlugin],
	pgServices: [makePgService({ connectionString, schemas: ['reporting', 'public'] })],
});
const ask = async (source) => {
	const document = parse(source);
	const wrong = validate(schema, document);

	if (wrong.length > 0)
		throw wrong[0];
	return execute(await hookArgs({ schema, document, resolvedPreset, requestContext: {} }));
};
const db = new pg.Client({ connectionString });
await db.connect();
const query = async (text) => (await db.query(text)).rows;

const typeOf = (relation, column) => String(schema.getType(relation)?.getFields()[column]?.type).replace('!', '');
check(['PublicAccount.account', 'PublicAccount.number', 'PublicDeclaration.account', 'PublicImporter.number', 'PublicDutyHistory.history',
	'SecurityPosition.account', 'SecurityPosition.businessNumber'].every((name) => typeOf(...name.split('.')) === 'String'),
	'columns of our types are strings, with a plugin; those of the views without');

const { data } = await ask(`{
	allSecurityPositions(orderBy: [ACCOUNT_ASC]) { nodes { account businessNumber shortfallBond } }
	publicAccountByAccount(account: "078152618 rm 0001") { account publicImporterByNumber { name } }
}`);
const rows = await query('SELECT account, business_number, shortfall_bond FROM reporting.security_positions ORDER BY account');
check(JSON.stringify(data.allSecurityPositions.nodes.map(Object.values)) === JSON.stringify(rows.map(Object.values)),
	`${rows.length} positions, as SQL gives them`);
check(data.publicAccountByAccount?.account === '078152618RM0001' && data.publicAccountByAccount.publicImporterByNumber.name === 'Northgate Fasteners Ltd.',
	'finds an account typed with spaces by its key, and its importer');
const { errors } = await ask('{ publicAccountByAccount(account: "123456789RM0001") { account } }');
check(/invalid input syntax for type program_account/.test(errors?.[0].message), 'a wrong number is refused');
await db.end();
process.exit();
