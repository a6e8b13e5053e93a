INSERT INTO SOURCE (client, account, released, duties, latest)
VALUES (:client_id, some_account(), some_day(), some_amount(), random() < 0.8);
