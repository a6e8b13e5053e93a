INSERT INTO SOURCE (client, account, released, duties)
SELECT :client_id, account, some_day(), some_amount() FROM accounts ORDER BY random() LIMIT 30;
