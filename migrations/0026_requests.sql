-- Requests that customers send from a store's public form (扫码提交).

-- What the form's stamp is sealed with; one row, made when it is first needed. It guards against robots, nothing else.
CREATE TABLE request_key (
    only_row {PK},
    secret TEXT NOT NULL
);

-- A form that was sent, by its stamp: sent again it answers with the first case.
CREATE TABLE public_request (
    stamp TEXT PRIMARY KEY,
    case_id BIGINT NOT NULL REFERENCES service_case (id),
    body_digest TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX public_request_age ON public_request (created_at);

-- Who sent how many of late: digests of telephone numbers and addresses, forgotten after two days.
CREATE TABLE request_try (
    id {PK},
    subject TEXT NOT NULL,
    tried_at BIGINT NOT NULL
);
CREATE INDEX request_try_subject ON request_try (subject, tried_at);
CREATE INDEX request_try_age ON request_try (tried_at);
