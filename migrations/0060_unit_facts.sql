-- What verdicts read of the records: which category of the rules a product group falls under, and what happened to a unit.

-- Product groups and the categories of the rules have different names; 'other' is in no list, so the general law counts.
CREATE TABLE law_category (
    goods TEXT PRIMARY KEY,
    law TEXT NOT NULL,
    version BIGINT NOT NULL,
    changed_at BIGINT NOT NULL
);
INSERT INTO law_category (goods, law, version, changed_at) VALUES
    ('washer', 'washer', 1, 0),
    ('fridge', 'fridge', 1, 0),
    ('ac', 'ac', 1, 0),
    ('aircon', 'ac', 1, 0),
    ('tv', 'tv_flat', 1, 0),
    ('tv_flat', 'tv_flat', 1, 0),
    ('phone', 'phone', 1, 0),
    ('tablet', 'tablet', 1, 0),
    ('tablet_watch', 'other', 1, 0),
    ('pc_laptop', 'pc_laptop', 1, 0),
    ('laptop', 'pc_laptop', 1, 0),
    ('computer', 'pc_desktop', 1, 0),
    ('heater', 'gas_water_heater', 1, 0),
    ('gas_water_heater', 'gas_water_heater', 1, 0),
    ('kitchen', 'range_hood', 1, 0),
    ('range_hood', 'range_hood', 1, 0),
    ('microwave', 'microwave', 1, 0),
    ('vacuum', 'vacuum', 1, 0),
    ('fan', 'fan', 1, 0),
    ('speaker', 'speaker', 1, 0),
    ('water', 'other', 1, 0),
    ('water_purifier', 'other', 1, 0),
    ('small', 'small_appliance', 1, 0),
    ('small_appliance', 'small_appliance', 1, 0),
    ('furniture', 'furniture', 1, 0),
    ('clothing', 'clothing', 1, 0),
    ('e_bike', 'e_bike', 1, 0),
    ('general', 'other', 1, 0);

-- What happened to a unit: repairs, an exchange, a main part replaced. It counts once its proof is there.
CREATE TABLE unit_repair (
    id {PK},
    unit_id BIGINT NOT NULL REFERENCES serial_unit (id),
    what TEXT NOT NULL CHECK (what IN ('repair', 'exchange', 'main_part')),
    body TEXT NOT NULL,
    -- How grave the fault was that it was about.
    fault TEXT NOT NULL CHECK (fault IN ('none', 'minor', 'performance', 'serious')),
    began_on TEXT NOT NULL,
    ended_on TEXT,
    -- Days of these on which only the maker's parts were missing; the others are the repairer's own.
    parts_days BIGINT NOT NULL CHECK (parts_days >= 0),
    done_by TEXT NOT NULL CHECK (done_by IN ('own', 'maker')),
    -- The number of our case or of the maker's work order.
    proof TEXT,
    photo BOOLEAN NOT NULL,
    imported BOOLEAN NOT NULL,
    -- Whether it stands in the unit's count of repairs or exchanges.
    counted BOOLEAN NOT NULL,
    entered_by BIGINT REFERENCES user_account (id),
    entered_at BIGINT NOT NULL,
    version BIGINT NOT NULL,
    UNIQUE (unit_id, what, began_on)
);
