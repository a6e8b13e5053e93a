INSERT INTO SOURCE (id, client, account, released, duties)
SELECT id, client, some_account(), released, some_amount() FROM SOURCE
WHERE client = :client_id AND id >= (SELECT floor(random() * last_value) FROM SOURCE_id_seq) ORDER BY id LIMIT 3
ON CONFLICT (id, released) DO UPDATE SET account = excluded.account, duties = excluded.duties;
