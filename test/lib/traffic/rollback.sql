BEGIN;
INSERT INTO SOURCE (client, account, released, duties)
SELECT :client_id, account, some_day(), some_amount() FROM accounts ORDER BY random() LIMIT 10;
DELETE FROM SOURCE
WHERE id IN (SELECT id FROM SOURCE WHERE client = :client_id AND id >= (SELECT floor(random() * last_value) FROM SOURCE_id_seq) ORDER BY id LIMIT 5);
ROLLBACK;
