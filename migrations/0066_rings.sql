-- Whose telephone rings, when the call centre or the line says so: only their pages show it.
ALTER TABLE phone_call ADD COLUMN agent_id BIGINT;
CREATE INDEX phone_call_rings ON phone_call (agent_id, started_at) WHERE agent_id IS NOT NULL AND state = 'ringing';
