<?php
// client: PHP PDO
// needs: php-cli php-pgsql
const BN = '123456782', FIRST = '123456782RM0001', SECOND = '123456782RM0002', THIRD = '123456782RM0003';

$db = new PDO('pgsql:', getenv('PGUSER'), null, [PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION]);

function run($sql, ...$values)
{
	global $db;
	$s = $db->prepare($sql);
	$s->execute($values);
	return $s;
}

function one($sql, ...$values) { return run($sql, ...$values)->fetchColumn(); }

function yes($good, $word = 'yes')
{
	if (!$good)
		throw new Exception('wrong answer');
	return $word;
}

function found($rows, $sql, $value)
{
	yes(count(run($sql, $value)->fetchAll()) == $rows);
	return str_contains(json_encode(run("EXPLAIN $sql", $value)->fetchAll()), 'Index') ? 'index' : 'no index';
}

// Tries the statement as written, then with a cast; prints its line.
function cell($name, ...$ways)
{
	$why = null;
	foreach ($ways as $i => $way) {
		try {
			$got = $way();
			echo "$name\t", $i ? ($got == 'yes' ? 'cast' : "cast, $got") : $got, "\n";
			return;
		} catch (Exception $e) {
			$why = $e;
		}
	}
	echo "$name\t", $why ? "no ({$why->getCode()})\n#\t" . strtok($why->getMessage(), "\n") : '-', "\n";
}

cell('select', fn() => yes(run('SELECT account, bn FROM entries WHERE id = 1')->fetch(PDO::FETCH_NUM) == [FIRST, BN]));
cell('insert', fn() => yes(run('INSERT INTO entries (id, bn, account) VALUES (20001, ?, ?)', BN, BN . 'RC0001')->rowCount() == 1));
cell('update', fn() => yes(run('UPDATE entries SET account = ? WHERE id = 20001', BN . 'RC0002')->rowCount() == 1));
cell('filter', fn() => found(1, 'SELECT id FROM entries WHERE account = ?', THIRD));
cell('varchar', fn() => found(1, 'SELECT id FROM entries WHERE account = CAST(? AS varchar)', THIRD));
$both = '{' . FIRST . ',' . SECOND . '}';
cell('any', fn() => found(2, 'SELECT id FROM entries WHERE account = ANY(?)', $both));
cell('like', fn() => yes(one('SELECT count(*) FROM entries WHERE account LIKE ?', BN . 'RM00%') == 99));
cell('null', function () {
	run('INSERT INTO entries (id, bn, account) VALUES (20002, ?, ?)', null, null);
	return yes(one('SELECT account FROM entries WHERE id = 20002') === null);
});
cell('array', function () use ($both) {
	run('UPDATE entries SET accounts = ? WHERE id = 1', $both);
	return yes(one('SELECT accounts FROM entries WHERE id = 1') == $both, 'text');
});
cell('copy text', function () {
	global $db;
	$db->exec('CREATE TEMP TABLE c (id int4, bn bn9, account program_account)');
	$db->pgsqlCopyFromArray('c', ["1\t" . BN . "\t" . FIRST . "\n"]);
	return yes($db->pgsqlCopyToArray('c') == ["1\t" . BN . "\t" . FIRST . "\n"]);
});
cell('copy binary');
cell('json', function () {
	yes(json_decode(one('SELECT to_jsonb(e) FROM entries e WHERE id = 1'))->account == FIRST);
	run('INSERT INTO entries SELECT * FROM jsonb_populate_record(NULL::entries, ?)', '{"id": 30001, "bn": "123456782", "account": "123456782RC0009"}');
	return yes(one('SELECT account FROM entries WHERE id = 30001') == '123456782RC0009');
});
try {
	run('INSERT INTO entries (id, bn) VALUES (20003, ?)', '123456789');
	echo "bad number\tno error\n";
} catch (PDOException $e) {
	echo "bad number\t{$e->getCode()} `PDOException`\n";
}
