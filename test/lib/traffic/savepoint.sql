BEGIN;
INSERT INTO SOURCE (client, account, released, duties) VALUES (:client_id, some_account(), some_day(), some_amount());
SAVEPOINT a;
UPDATE SOURCE SET duties = -duties, account = some_account()
WHERE id IN (SELECT id FROM SOURCE WHERE client = :client_id AND id >= (SELECT floor(random() * last_value) FROM SOURCE_id_seq) ORDER BY id LIMIT 2);
SAVEPOINT b;
DELETE FROM SOURCE
WHERE id IN (SELECT id FROM SOURCE WHERE client = :client_id AND id >= (SELECT floor(random() * last_value) FROM SOURCE_id_seq) ORDER BY id LIMIT 3);
ROLLBACK TO b;
INSERT INTO SOURCE (client, account, released, duties) VALUES (:client_id, some_account(), some_day(), some_amount());
RELEASE b;
ROLLBACK TO a;
INSERT INTO SOURCE (client, account, released, duties)
SELECT :client_id, account, some_day(), some_amount() FROM accounts ORDER BY random() LIMIT 3;
COMMIT;
