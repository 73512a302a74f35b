-- Cases that were taken in before there was an inbox: those that are still live, since what is over would only bury them.
INSERT INTO feedback_item (case_id, store_id, team_id, owner_id, number, kind, channel, received_at, urgent, spam, version)
SELECT id, store_id, team_id, owner_id, number, kind, channel, happened_at, FALSE, FALSE, 1
FROM service_case
WHERE kind IN ('feedback', 'complaint') AND category IN ('open', 'waiting', 'resolved')
    AND id NOT IN (SELECT case_id FROM feedback_item);
