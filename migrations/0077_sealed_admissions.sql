-- People who are admitted by name to one sealed file (保密案卷): it stands in a sealed unit of its own then.
CREATE TABLE sealed_admission (
    unit_id BIGINT NOT NULL REFERENCES org_unit (id),
    user_id BIGINT NOT NULL REFERENCES user_account (id),
    admitted_by BIGINT REFERENCES user_account (id),
    admitted_at BIGINT NOT NULL,
    PRIMARY KEY (unit_id, user_id)
);
CREATE INDEX sealed_admission_user ON sealed_admission (user_id, unit_id);
