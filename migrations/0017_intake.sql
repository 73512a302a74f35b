-- Intake: symptoms and their fault classes, what was promised, paper slips, drafts.

-- Kinds of goods that have symptoms of their own; words are what a product's name holds, separated by commas.
CREATE TABLE symptom_category (
    code TEXT PRIMARY KEY,
    name_zh TEXT NOT NULL,
    name_en TEXT NOT NULL,
    words TEXT NOT NULL,
    ordinal BIGINT NOT NULL
);

-- What customers complain about, and what it counts as before inspection. A row never changes, except that it ends: another
-- class or source is a new version of the code.
CREATE TABLE symptom (
    id {PK},
    code TEXT NOT NULL,
    category TEXT NOT NULL REFERENCES symptom_category (code),
    name_zh TEXT NOT NULL,
    name_en TEXT NOT NULL,
    -- none: no fault claimed; minor: a quality problem outside the fault tables; performance: in them, or a stated function is
    -- lost; serious: the purpose is defeated or it is unsafe.
    fault_class TEXT NOT NULL CHECK (fault_class IN ('none', 'minor', 'performance', 'serious')),
    -- Seen at the counter, so that no inspection is needed to believe it.
    obvious BOOLEAN NOT NULL,
    -- Gas, electricity, fire: such a case is urgent.
    danger BOOLEAN NOT NULL,
    -- Rule and article or annex, e.g. PH2001-annex; house for the company's own.
    source TEXT NOT NULL,
    -- How sure the source is: high = the text was read; medium = a second source or a plain inference; low = from memory.
    confidence TEXT NOT NULL CHECK (confidence IN ('high', 'medium', 'low')),
    ordinal BIGINT NOT NULL,
    effective_from TEXT NOT NULL,
    effective_to TEXT,
    -- Added by the company.
    own BOOLEAN NOT NULL,
    version BIGINT NOT NULL,
    UNIQUE (code, version)
);
CREATE INDEX symptom_category_order ON symptom (category, ordinal, id);

-- The symptoms of a case, as they were classed when it was taken in.
CREATE TABLE case_symptom (
    case_id BIGINT NOT NULL REFERENCES service_case (id),
    code TEXT NOT NULL,
    symptom_id BIGINT NOT NULL REFERENCES symptom (id),
    ordinal BIGINT NOT NULL,
    PRIMARY KEY (case_id, code)
);
CREATE INDEX case_symptom_code ON case_symptom (code, case_id);

-- What only some intakes have.
CREATE TABLE case_intake (
    case_id {PK} REFERENCES service_case (id),
    store_id BIGINT NOT NULL REFERENCES org_unit (id),
    category TEXT,
    -- The sale's receipt.
    receipt TEXT,
    -- The number of the paper slip on which it was written down first.
    slip TEXT,
    -- When the customer was promised a call, and the day on which it was to be ready.
    promised_call BIGINT,
    promised_ready TEXT,
    UNIQUE (store_id, slip)
);
CREATE INDEX case_intake_receipt ON case_intake (receipt, case_id) WHERE receipt IS NOT NULL;
CREATE INDEX service_case_serial ON service_case (serial, happened_at, id) WHERE serial IS NOT NULL;

-- Forms that are not sent yet. Only their writer reads them; what is sent is emptied and keeps the case it became.
CREATE TABLE intake_draft (
    id {PK},
    user_id BIGINT NOT NULL REFERENCES user_account (id),
    title TEXT NOT NULL,
    fields TEXT NOT NULL,
    sent_case BIGINT REFERENCES service_case (id),
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX intake_draft_user ON intake_draft (user_id, updated_at, id);
CREATE INDEX intake_draft_age ON intake_draft (updated_at, id);

INSERT INTO symptom_category (code, name_zh, name_en, words, ordinal) VALUES
    ('washer', '洗衣机', 'Washing machine', '洗衣机,波轮,滚筒,洗烘,干衣机,washer,washing,laundry,dryer', 1),
    ('fridge', '冰箱冰柜', 'Fridge or freezer', '冰箱,冰柜,冷柜,酒柜,fridge,freezer,refrigerator', 2),
    ('ac', '空调', 'Air conditioner', '空调,柜机,挂机,air conditioner,aircon', 3),
    ('tv_flat', '电视', 'Television', '电视,显示屏,television', 4),
    ('range_hood', '油烟机灶具', 'Range hood or hob', '油烟机,烟机,灶具,燃气灶,range hood,cooker hood,hob', 5),
    ('gas_water_heater', '热水器', 'Water heater', '热水器,壁挂炉,water heater,boiler', 6),
    ('water_purifier', '净水器', 'Water purifier', '净水,滤芯,饮水机,purifier,water filter', 7),
    ('microwave', '微波炉烤箱', 'Microwave or oven', '微波炉,烤箱,蒸箱,microwave,oven', 8),
    ('vacuum', '吸尘器扫地机', 'Vacuum cleaner', '吸尘器,扫地机,洗地机,vacuum', 9),
    ('small_appliance', '小家电', 'Small appliance', '电饭煲,电饭锅,电水壶,料理机,破壁机,豆浆机,电风扇,风扇,吹风机,电磁炉,加湿器,取暖器,kettle,blender,rice cooker,fan,heater', 10),
    ('phone', '手机', 'Mobile phone', '手机,电话,phone,mobile', 11),
    ('tablet_watch', '平板手表耳机', 'Tablet, watch or earphones', '平板,手表,手环,耳机,tablet,watch,earphone,headphone', 12),
    ('pc_laptop', '电脑', 'Computer', '笔记本,电脑,主机,显示器,laptop,computer,notebook,monitor', 13),
    ('speaker', '音响', 'Audio', '音响,音箱,功放,speaker,amplifier,soundbar', 14),
    ('furniture', '家具', 'Furniture', '沙发,床,衣柜,橱柜,餐桌,茶几,椅,家具,床垫,sofa,bed,table,chair,wardrobe,mattress,furniture', 15),
    ('clothing', '服装鞋包', 'Clothes, shoes or bags', '衣服,外套,羽绒服,裤,鞋,靴,箱包,clothes,jacket,shoes,bag', 16),
    ('e_bike', '电动自行车', 'Electric bicycle', '电动车,电瓶车,电动自行车,e-bike,electric bicycle', 17),
    ('general', '其他商品', 'Other goods', '', 18);

INSERT INTO symptom (id, code, category, name_zh, name_en, fault_class, obvious, danger, source, confidence, ordinal,
    effective_from, own, version) VALUES
    (1, 'washer.no_power', 'washer', '不通电', 'No power', 'performance', TRUE, FALSE, 'SB1995-9', 'medium', 1, '1995-08-25', FALSE, 1),
    (2, 'washer.no_spin', 'washer', '不脱水', 'Does not spin', 'performance', TRUE, FALSE, 'SB1995-9', 'medium', 2, '1995-08-25', FALSE, 1),
    (3, 'washer.no_fill', 'washer', '不进水', 'Does not fill', 'performance', TRUE, FALSE, 'SB1995-9', 'medium', 3, '1995-08-25', FALSE, 1),
    (4, 'washer.no_drain', 'washer', '不排水', 'Does not drain', 'performance', TRUE, FALSE, 'SB1995-9', 'medium', 4, '1995-08-25', FALSE, 1),
    (5, 'washer.error_code', 'washer', '报错停机', 'Stops with an error code', 'performance', TRUE, FALSE, 'SB1995-9', 'medium', 5, '1995-08-25', FALSE, 1),
    (6, 'washer.leak', 'washer', '漏水', 'Leaks water', 'performance', TRUE, FALSE, 'SB1995-9', 'medium', 6, '1995-08-25', FALSE, 1),
    (7, 'washer.noise', 'washer', '异响抖动', 'Noise or shaking', 'minor', FALSE, FALSE, 'SB1995-9', 'medium', 7, '1995-08-25', FALSE, 1),
    (8, 'washer.not_clean', 'washer', '洗不干净', 'Does not wash clean', 'minor', FALSE, FALSE, 'SB1995-9', 'medium', 8, '1995-08-25', FALSE, 1),
    (9, 'washer.shock', 'washer', '漏电麻手', 'Electric shock', 'serious', TRUE, TRUE, 'XF-19', 'high', 9, '2014-03-15', FALSE, 1),
    (10, 'washer.smoke', 'washer', '冒烟起火', 'Smoke or fire', 'serious', TRUE, TRUE, 'XF-19', 'high', 10, '2014-03-15', FALSE, 1),
    (11, 'fridge.no_cool', 'fridge', '不制冷', 'Does not cool', 'performance', TRUE, FALSE, 'SB1995-9', 'medium', 1, '1995-08-25', FALSE, 1),
    (12, 'fridge.weak_cool', 'fridge', '制冷差', 'Cools poorly', 'performance', FALSE, FALSE, 'SB1995-9', 'medium', 2, '1995-08-25', FALSE, 1),
    (13, 'fridge.no_power', 'fridge', '不通电', 'No power', 'performance', TRUE, FALSE, 'SB1995-9', 'medium', 3, '1995-08-25', FALSE, 1),
    (14, 'fridge.frost', 'fridge', '结霜结冰', 'Frost or ice', 'minor', FALSE, FALSE, 'SB1995-9', 'medium', 4, '1995-08-25', FALSE, 1),
    (15, 'fridge.leak', 'fridge', '漏水', 'Leaks water', 'performance', TRUE, FALSE, 'SB1995-9', 'medium', 5, '1995-08-25', FALSE, 1),
    (16, 'fridge.noise', 'fridge', '异响', 'Noise', 'minor', FALSE, FALSE, 'SB1995-9', 'medium', 6, '1995-08-25', FALSE, 1),
    (17, 'fridge.door', 'fridge', '门关不严', 'Door does not close tight', 'minor', TRUE, FALSE, 'SB1995-9', 'medium', 7, '1995-08-25', FALSE, 1),
    (18, 'fridge.shock', 'fridge', '漏电麻手', 'Electric shock', 'serious', TRUE, TRUE, 'XF-19', 'high', 8, '2014-03-15', FALSE, 1),
    (19, 'ac.no_cool', 'ac', '不制冷', 'Does not cool', 'performance', FALSE, FALSE, 'SB1995-9', 'medium', 1, '1995-08-25', FALSE, 1),
    (20, 'ac.no_heat', 'ac', '不制热', 'Does not heat', 'performance', FALSE, FALSE, 'SB1995-9', 'medium', 2, '1995-08-25', FALSE, 1),
    (21, 'ac.no_start', 'ac', '开不了机', 'Does not start', 'performance', TRUE, FALSE, 'SB1995-9', 'medium', 3, '1995-08-25', FALSE, 1),
    (22, 'ac.leak', 'ac', '室内机漏水', 'Indoor unit drips', 'performance', TRUE, FALSE, 'SB1995-9', 'medium', 4, '1995-08-25', FALSE, 1),
    (23, 'ac.noise', 'ac', '异响', 'Noise', 'minor', FALSE, FALSE, 'SB1995-9', 'medium', 5, '1995-08-25', FALSE, 1),
    (24, 'ac.smell', 'ac', '有异味', 'Smell', 'minor', FALSE, FALSE, 'SB1995-9', 'medium', 6, '1995-08-25', FALSE, 1),
    (25, 'ac.error_code', 'ac', '显示故障代码', 'Shows an error code', 'performance', TRUE, FALSE, 'SB1995-9', 'medium', 7, '1995-08-25', FALSE, 1),
    (26, 'ac.install', 'ac', '安装问题', 'Installation problem', 'minor', TRUE, FALSE, 'XF-24', 'medium', 8, '2014-03-15', FALSE, 1),
    (27, 'ac.smoke', 'ac', '冒烟起火', 'Smoke or fire', 'serious', TRUE, TRUE, 'XF-19', 'high', 9, '2014-03-15', FALSE, 1),
    (28, 'tv_flat.no_picture', 'tv_flat', '黑屏无图像', 'No picture', 'performance', TRUE, FALSE, 'SB1995-9', 'medium', 1, '1995-08-25', FALSE, 1),
    (29, 'tv_flat.lines', 'tv_flat', '屏幕有线条', 'Lines on the screen', 'performance', TRUE, FALSE, 'SB1995-9', 'medium', 2, '1995-08-25', FALSE, 1),
    (30, 'tv_flat.no_sound', 'tv_flat', '没有声音', 'No sound', 'performance', TRUE, FALSE, 'SB1995-9', 'medium', 3, '1995-08-25', FALSE, 1),
    (31, 'tv_flat.no_power', 'tv_flat', '开不了机', 'Does not start', 'performance', TRUE, FALSE, 'SB1995-9', 'medium', 4, '1995-08-25', FALSE, 1),
    (32, 'tv_flat.restart', 'tv_flat', '自动重启死机', 'Restarts or hangs', 'performance', FALSE, FALSE, 'SB1995-9', 'medium', 5, '1995-08-25', FALSE, 1),
    (33, 'tv_flat.spots', 'tv_flat', '亮点暗斑', 'Bright or dark spots', 'minor', FALSE, FALSE, 'SB1995-9', 'medium', 6, '1995-08-25', FALSE, 1),
    (34, 'tv_flat.remote', 'tv_flat', '遥控没反应', 'Remote does not work', 'performance', FALSE, FALSE, 'SB1995-9', 'medium', 7, '1995-08-25', FALSE, 1),
    (35, 'tv_flat.network', 'tv_flat', '连不上网', 'No network', 'minor', FALSE, FALSE, 'SB1995-9', 'medium', 8, '1995-08-25', FALSE, 1),
    (36, 'tv_flat.smoke', 'tv_flat', '冒烟起火', 'Smoke or fire', 'serious', TRUE, TRUE, 'XF-19', 'high', 9, '2014-03-15', FALSE, 1),
    (37, 'range_hood.no_start', 'range_hood', '开不了机', 'Does not start', 'performance', TRUE, FALSE, 'SB1995-9', 'medium', 1, '1995-08-25', FALSE, 1),
    (38, 'range_hood.weak', 'range_hood', '吸力小', 'Weak suction', 'performance', FALSE, FALSE, 'SB1995-9', 'medium', 2, '1995-08-25', FALSE, 1),
    (39, 'range_hood.no_ignite', 'range_hood', '打不着火', 'Does not ignite', 'performance', TRUE, FALSE, 'XF-24', 'medium', 3, '2014-03-15', FALSE, 1),
    (40, 'range_hood.noise', 'range_hood', '异响', 'Noise', 'minor', FALSE, FALSE, 'SB1995-9', 'medium', 4, '1995-08-25', FALSE, 1),
    (41, 'range_hood.oil', 'range_hood', '漏油滴油', 'Drips oil', 'minor', TRUE, FALSE, 'SB1995-9', 'medium', 5, '1995-08-25', FALSE, 1),
    (42, 'range_hood.light', 'range_hood', '照明灯不亮', 'Light does not work', 'minor', TRUE, FALSE, 'SB1995-9', 'medium', 6, '1995-08-25', FALSE, 1),
    (43, 'range_hood.gas', 'range_hood', '有燃气味', 'Smell of gas', 'serious', TRUE, TRUE, 'XF-19', 'high', 7, '2014-03-15', FALSE, 1),
    (44, 'range_hood.smoke', 'range_hood', '冒烟起火', 'Smoke or fire', 'serious', TRUE, TRUE, 'XF-19', 'high', 8, '2014-03-15', FALSE, 1),
    (45, 'gas_water_heater.no_ignite', 'gas_water_heater', '打不着火', 'Does not ignite', 'performance', TRUE, FALSE, 'SB1995-9', 'medium', 1, '1995-08-25', FALSE, 1),
    (46, 'gas_water_heater.no_hot', 'gas_water_heater', '不出热水', 'No hot water', 'performance', TRUE, FALSE, 'SB1995-9', 'medium', 2, '1995-08-25', FALSE, 1),
    (47, 'gas_water_heater.unstable', 'gas_water_heater', '忽冷忽热', 'Water turns hot and cold', 'performance', FALSE, FALSE, 'SB1995-9', 'medium', 3, '1995-08-25', FALSE, 1),
    (48, 'gas_water_heater.leak', 'gas_water_heater', '漏水', 'Leaks water', 'performance', TRUE, FALSE, 'SB1995-9', 'medium', 4, '1995-08-25', FALSE, 1),
    (49, 'gas_water_heater.error_code', 'gas_water_heater', '显示故障代码', 'Shows an error code', 'performance', TRUE, FALSE, 'SB1995-9', 'medium', 5, '1995-08-25', FALSE, 1),
    (50, 'gas_water_heater.noise', 'gas_water_heater', '点火异响', 'Noise when igniting', 'minor', FALSE, FALSE, 'SB1995-9', 'medium', 6, '1995-08-25', FALSE, 1),
    (51, 'gas_water_heater.gas', 'gas_water_heater', '有燃气味', 'Smell of gas', 'serious', TRUE, TRUE, 'XF-19', 'high', 7, '2014-03-15', FALSE, 1),
    (52, 'gas_water_heater.shock', 'gas_water_heater', '漏电麻手', 'Electric shock', 'serious', TRUE, TRUE, 'XF-19', 'high', 8, '2014-03-15', FALSE, 1),
    (53, 'water_purifier.no_water', 'water_purifier', '不出水', 'No water', 'performance', TRUE, FALSE, 'XF-24', 'medium', 1, '2014-03-15', FALSE, 1),
    (54, 'water_purifier.leak', 'water_purifier', '接口渗水', 'Leaks at a joint', 'performance', TRUE, FALSE, 'XF-24', 'medium', 2, '2014-03-15', FALSE, 1),
    (55, 'water_purifier.slow', 'water_purifier', '出水慢', 'Slow flow', 'minor', FALSE, FALSE, 'XF-24', 'medium', 3, '2014-03-15', FALSE, 1),
    (56, 'water_purifier.taste', 'water_purifier', '水有异味', 'Water tastes odd', 'minor', FALSE, FALSE, 'XF-24', 'medium', 4, '2014-03-15', FALSE, 1),
    (57, 'water_purifier.noise', 'water_purifier', '异响', 'Noise', 'minor', FALSE, FALSE, 'XF-24', 'medium', 5, '2014-03-15', FALSE, 1),
    (58, 'water_purifier.filter', 'water_purifier', '换滤芯', 'Change of filter', 'none', TRUE, FALSE, 'XF-25', 'medium', 6, '2014-03-15', FALSE, 1),
    (59, 'microwave.no_heat', 'microwave', '不加热', 'Does not heat', 'performance', TRUE, FALSE, 'SB1995-9', 'medium', 1, '1995-08-25', FALSE, 1),
    (60, 'microwave.no_power', 'microwave', '不通电', 'No power', 'performance', TRUE, FALSE, 'SB1995-9', 'medium', 2, '1995-08-25', FALSE, 1),
    (61, 'microwave.turntable', 'microwave', '转盘不转', 'Turntable does not turn', 'performance', TRUE, FALSE, 'SB1995-9', 'medium', 3, '1995-08-25', FALSE, 1),
    (62, 'microwave.door', 'microwave', '门关不严', 'Door does not close tight', 'minor', TRUE, FALSE, 'SB1995-9', 'medium', 4, '1995-08-25', FALSE, 1),
    (63, 'microwave.noise', 'microwave', '异响', 'Noise', 'minor', FALSE, FALSE, 'SB1995-9', 'medium', 5, '1995-08-25', FALSE, 1),
    (64, 'microwave.spark', 'microwave', '打火冒烟', 'Sparks or smoke', 'serious', TRUE, TRUE, 'XF-19', 'high', 6, '2014-03-15', FALSE, 1),
    (65, 'vacuum.no_start', 'vacuum', '开不了机', 'Does not start', 'performance', TRUE, FALSE, 'SB1995-9', 'medium', 1, '1995-08-25', FALSE, 1),
    (66, 'vacuum.weak', 'vacuum', '吸力小', 'Weak suction', 'performance', FALSE, FALSE, 'SB1995-9', 'medium', 2, '1995-08-25', FALSE, 1),
    (67, 'vacuum.no_charge', 'vacuum', '充不进电', 'Does not charge', 'performance', TRUE, FALSE, 'SB1995-9', 'medium', 3, '1995-08-25', FALSE, 1),
    (68, 'vacuum.short_run', 'vacuum', '续航短', 'Battery runs out fast', 'performance', FALSE, FALSE, 'SB1995-9', 'medium', 4, '1995-08-25', FALSE, 1),
    (69, 'vacuum.noise', 'vacuum', '异响', 'Noise', 'minor', FALSE, FALSE, 'SB1995-9', 'medium', 5, '1995-08-25', FALSE, 1),
    (70, 'vacuum.lost', 'vacuum', '不回充乱跑', 'Does not find its dock', 'minor', FALSE, FALSE, 'SB1995-9', 'medium', 6, '1995-08-25', FALSE, 1),
    (71, 'vacuum.hot', 'vacuum', '发烫冒烟', 'Gets very hot or smokes', 'serious', TRUE, TRUE, 'XF-19', 'high', 7, '2014-03-15', FALSE, 1),
    (72, 'small_appliance.no_power', 'small_appliance', '不通电', 'No power', 'performance', TRUE, FALSE, 'XF-24', 'medium', 1, '2014-03-15', FALSE, 1),
    (73, 'small_appliance.no_work', 'small_appliance', '不工作', 'Does not work', 'performance', TRUE, FALSE, 'XF-24', 'medium', 2, '2014-03-15', FALSE, 1),
    (74, 'small_appliance.no_heat', 'small_appliance', '不加热', 'Does not heat', 'performance', TRUE, FALSE, 'XF-24', 'medium', 3, '2014-03-15', FALSE, 1),
    (75, 'small_appliance.leak', 'small_appliance', '漏水', 'Leaks', 'performance', TRUE, FALSE, 'XF-24', 'medium', 4, '2014-03-15', FALSE, 1),
    (76, 'small_appliance.noise', 'small_appliance', '异响', 'Noise', 'minor', FALSE, FALSE, 'XF-24', 'medium', 5, '2014-03-15', FALSE, 1),
    (77, 'small_appliance.smell', 'small_appliance', '有异味', 'Smell', 'minor', FALSE, FALSE, 'XF-24', 'medium', 6, '2014-03-15', FALSE, 1),
    (78, 'small_appliance.shock', 'small_appliance', '漏电麻手', 'Electric shock', 'serious', TRUE, TRUE, 'XF-19', 'high', 7, '2014-03-15', FALSE, 1),
    (79, 'small_appliance.smoke', 'small_appliance', '冒烟起火', 'Smoke or fire', 'serious', TRUE, TRUE, 'XF-19', 'high', 8, '2014-03-15', FALSE, 1),
    (80, 'phone.no_power', 'phone', '开不了机', 'Does not start', 'performance', TRUE, FALSE, 'PH2001-annex', 'medium', 1, '2001-11-15', FALSE, 1),
    (81, 'phone.screen_dead', 'phone', '屏幕不显示', 'Screen shows nothing', 'performance', TRUE, FALSE, 'PH2001-annex', 'medium', 2, '2001-11-15', FALSE, 1),
    (82, 'phone.touch', 'phone', '触摸失灵', 'Touch does not work', 'performance', TRUE, FALSE, 'PH2001-annex', 'medium', 3, '2001-11-15', FALSE, 1),
    (83, 'phone.restart', 'phone', '自动关机重启', 'Switches off or restarts', 'performance', FALSE, FALSE, 'PH2001-annex', 'medium', 4, '2001-11-15', FALSE, 1),
    (84, 'phone.no_charge', 'phone', '充不进电', 'Does not charge', 'performance', TRUE, FALSE, 'PH2001-annex', 'medium', 5, '2001-11-15', FALSE, 1),
    (85, 'phone.no_sound', 'phone', '听筒喇叭无声', 'No sound', 'performance', TRUE, FALSE, 'PH2001-annex', 'medium', 6, '2001-11-15', FALSE, 1),
    (86, 'phone.no_call', 'phone', '无信号打不通', 'No signal, no calls', 'performance', FALSE, FALSE, 'PH2001-annex', 'medium', 7, '2001-11-15', FALSE, 1),
    (87, 'phone.no_sim', 'phone', '不识卡', 'SIM not read', 'performance', TRUE, FALSE, 'PH2001-annex', 'medium', 8, '2001-11-15', FALSE, 1),
    (88, 'phone.key', 'phone', '按键失灵', 'A key does not work', 'performance', TRUE, FALSE, 'PH2001-annex', 'medium', 9, '2001-11-15', FALSE, 1),
    (89, 'phone.crack', 'phone', '外壳开裂（未摔）', 'Case cracked without a fall', 'performance', FALSE, FALSE, 'PH2001-annex', 'medium', 10, '2001-11-15', FALSE, 1),
    (90, 'phone.camera', 'phone', '拍照问题', 'Camera problem', 'minor', FALSE, FALSE, 'PH2001-10', 'medium', 11, '2001-11-15', FALSE, 1),
    (91, 'phone.battery', 'phone', '掉电快发热', 'Battery drains or gets warm', 'minor', FALSE, FALSE, 'PH2001-10', 'medium', 12, '2001-11-15', FALSE, 1),
    (92, 'phone.swell', 'phone', '电池鼓包冒烟', 'Battery swells or smokes', 'serious', TRUE, TRUE, 'XF-19', 'high', 13, '2014-03-15', FALSE, 1),
    (93, 'tablet_watch.no_power', 'tablet_watch', '开不了机', 'Does not start', 'performance', TRUE, FALSE, 'XF-24', 'medium', 1, '2014-03-15', FALSE, 1),
    (94, 'tablet_watch.screen_dead', 'tablet_watch', '屏幕不显示', 'Screen shows nothing', 'performance', TRUE, FALSE, 'XF-24', 'medium', 2, '2014-03-15', FALSE, 1),
    (95, 'tablet_watch.touch', 'tablet_watch', '触摸失灵', 'Touch does not work', 'performance', TRUE, FALSE, 'XF-24', 'medium', 3, '2014-03-15', FALSE, 1),
    (96, 'tablet_watch.no_charge', 'tablet_watch', '充不进电', 'Does not charge', 'performance', TRUE, FALSE, 'XF-24', 'medium', 4, '2014-03-15', FALSE, 1),
    (97, 'tablet_watch.no_connect', 'tablet_watch', '连不上', 'Does not connect', 'performance', FALSE, FALSE, 'XF-24', 'medium', 5, '2014-03-15', FALSE, 1),
    (98, 'tablet_watch.no_sound', 'tablet_watch', '单边无声', 'One side is silent', 'performance', TRUE, FALSE, 'XF-24', 'medium', 6, '2014-03-15', FALSE, 1),
    (99, 'tablet_watch.battery', 'tablet_watch', '续航短', 'Battery runs out fast', 'minor', FALSE, FALSE, 'XF-24', 'medium', 7, '2014-03-15', FALSE, 1),
    (100, 'tablet_watch.swell', 'tablet_watch', '电池鼓包冒烟', 'Battery swells or smokes', 'serious', TRUE, TRUE, 'XF-19', 'high', 8, '2014-03-15', FALSE, 1),
    (101, 'pc_laptop.no_power', 'pc_laptop', '开不了机', 'Does not start', 'performance', TRUE, FALSE, 'PC2002-annex', 'low', 1, '2002-09-01', FALSE, 1),
    (102, 'pc_laptop.hang', 'pc_laptop', '死机蓝屏', 'Hangs or blue screen', 'performance', FALSE, FALSE, 'PC2002-annex', 'low', 2, '2002-09-01', FALSE, 1),
    (103, 'pc_laptop.screen', 'pc_laptop', '屏幕花屏', 'Screen garbled', 'performance', TRUE, FALSE, 'PC2002-annex', 'low', 3, '2002-09-01', FALSE, 1),
    (104, 'pc_laptop.keyboard', 'pc_laptop', '键盘触控失灵', 'Keyboard or touchpad fails', 'performance', TRUE, FALSE, 'PC2002-annex', 'low', 4, '2002-09-01', FALSE, 1),
    (105, 'pc_laptop.no_charge', 'pc_laptop', '充不进电', 'Does not charge', 'performance', TRUE, FALSE, 'PC2002-annex', 'low', 5, '2002-09-01', FALSE, 1),
    (106, 'pc_laptop.disk', 'pc_laptop', '认不到硬盘', 'Disk not found', 'performance', FALSE, FALSE, 'PC2002-annex', 'low', 6, '2002-09-01', FALSE, 1),
    (107, 'pc_laptop.fan', 'pc_laptop', '风扇响发热', 'Fan noise or heat', 'minor', FALSE, FALSE, 'PC2002-10', 'medium', 7, '2002-09-01', FALSE, 1),
    (108, 'pc_laptop.slow', 'pc_laptop', '运行慢', 'Slow', 'minor', FALSE, FALSE, 'PC2002-10', 'medium', 8, '2002-09-01', FALSE, 1),
    (109, 'pc_laptop.swell', 'pc_laptop', '电池鼓包冒烟', 'Battery swells or smokes', 'serious', TRUE, TRUE, 'XF-19', 'high', 9, '2014-03-15', FALSE, 1),
    (110, 'speaker.no_sound', 'speaker', '没有声音', 'No sound', 'performance', TRUE, FALSE, 'AV2002-annex', 'low', 1, '2002-09-01', FALSE, 1),
    (111, 'speaker.no_power', 'speaker', '开不了机', 'Does not start', 'performance', TRUE, FALSE, 'AV2002-annex', 'low', 2, '2002-09-01', FALSE, 1),
    (112, 'speaker.distort', 'speaker', '破音杂音', 'Distorted sound', 'minor', FALSE, FALSE, 'AV2002-11', 'medium', 3, '2002-09-01', FALSE, 1),
    (113, 'speaker.no_connect', 'speaker', '连不上蓝牙', 'Does not pair', 'minor', FALSE, FALSE, 'AV2002-11', 'medium', 4, '2002-09-01', FALSE, 1),
    (114, 'furniture.broken', 'furniture', '断裂塌陷', 'Broken or sagging', 'performance', TRUE, FALSE, 'XF-24', 'medium', 1, '2014-03-15', FALSE, 1),
    (115, 'furniture.crack', 'furniture', '开裂变形', 'Cracked or warped', 'minor', TRUE, FALSE, 'XF-24', 'medium', 2, '2014-03-15', FALSE, 1),
    (116, 'furniture.seam', 'furniture', '开线破皮', 'Seam or leather torn', 'minor', TRUE, FALSE, 'XF-24', 'medium', 3, '2014-03-15', FALSE, 1),
    (117, 'furniture.hardware', 'furniture', '五金件坏', 'Fitting broken', 'minor', TRUE, FALSE, 'XF-24', 'medium', 4, '2014-03-15', FALSE, 1),
    (118, 'furniture.missing', 'furniture', '缺件错件', 'Part missing or wrong', 'minor', TRUE, FALSE, 'XF-24', 'medium', 5, '2014-03-15', FALSE, 1),
    (119, 'furniture.colour', 'furniture', '色差划痕', 'Colour or scratches', 'minor', TRUE, FALSE, 'XF-24', 'medium', 6, '2014-03-15', FALSE, 1),
    (120, 'furniture.smell', 'furniture', '气味大', 'Strong smell', 'minor', FALSE, FALSE, 'XF-24', 'medium', 7, '2014-03-15', FALSE, 1),
    (121, 'furniture.topple', 'furniture', '倾倒伤人', 'Toppled over', 'serious', TRUE, TRUE, 'XF-19', 'high', 8, '2014-03-15', FALSE, 1),
    (122, 'clothing.sole', 'clothing', '断底开胶', 'Sole broken or unglued', 'performance', TRUE, FALSE, 'XF-24', 'medium', 1, '2014-03-15', FALSE, 1),
    (123, 'clothing.seam', 'clothing', '开线脱扣', 'Seam or button open', 'minor', TRUE, FALSE, 'XF-24', 'medium', 2, '2014-03-15', FALSE, 1),
    (124, 'clothing.fade', 'clothing', '褪色染色', 'Colour runs', 'minor', FALSE, FALSE, 'XF-24', 'medium', 3, '2014-03-15', FALSE, 1),
    (125, 'clothing.shrink', 'clothing', '缩水变形', 'Shrunk or warped', 'minor', FALSE, FALSE, 'XF-24', 'medium', 4, '2014-03-15', FALSE, 1),
    (126, 'clothing.zip', 'clothing', '拉链坏', 'Zip broken', 'minor', TRUE, FALSE, 'XF-24', 'medium', 5, '2014-03-15', FALSE, 1),
    (127, 'clothing.size', 'clothing', '尺码不合适', 'Wrong size', 'none', TRUE, FALSE, 'XF-25', 'high', 6, '2014-03-15', FALSE, 1),
    (128, 'e_bike.no_start', 'e_bike', '不走车', 'Does not run', 'performance', TRUE, FALSE, 'XF-24', 'low', 1, '2014-03-15', FALSE, 1),
    (129, 'e_bike.range', 'e_bike', '续航短', 'Short range', 'performance', FALSE, FALSE, 'XF-24', 'low', 2, '2014-03-15', FALSE, 1),
    (130, 'e_bike.no_charge', 'e_bike', '充不进电', 'Does not charge', 'performance', TRUE, FALSE, 'XF-24', 'low', 3, '2014-03-15', FALSE, 1),
    (131, 'e_bike.brake', 'e_bike', '刹车失灵', 'Brakes fail', 'serious', TRUE, TRUE, 'XF-19', 'high', 4, '2014-03-15', FALSE, 1),
    (132, 'e_bike.noise', 'e_bike', '异响', 'Noise', 'minor', FALSE, FALSE, 'XF-24', 'low', 5, '2014-03-15', FALSE, 1),
    (133, 'e_bike.smoke', 'e_bike', '冒烟起火', 'Smoke or fire', 'serious', TRUE, TRUE, 'XF-19', 'high', 6, '2014-03-15', FALSE, 1),
    (134, 'general.no_work', 'general', '不能用', 'Does not work', 'performance', TRUE, FALSE, 'XF-24', 'medium', 1, '2014-03-15', FALSE, 1),
    (135, 'general.broken', 'general', '损坏', 'Broken', 'performance', TRUE, FALSE, 'XF-24', 'medium', 2, '2014-03-15', FALSE, 1),
    (136, 'general.flaw', 'general', '有瑕疵', 'Has a flaw', 'minor', TRUE, FALSE, 'XF-24', 'medium', 3, '2014-03-15', FALSE, 1),
    (137, 'general.missing', 'general', '缺件错发', 'Part missing or wrong goods', 'minor', TRUE, FALSE, 'XF-24', 'medium', 4, '2014-03-15', FALSE, 1),
    (138, 'general.how_to', 'general', '不会用', 'How to use it', 'none', TRUE, FALSE, 'XF-25', 'medium', 5, '2014-03-15', FALSE, 1),
    (139, 'general.no_reason', 'general', '不想要了', 'Not wanted any more', 'none', TRUE, FALSE, 'XF-25', 'high', 6, '2014-03-15', FALSE, 1),
    (140, 'general.hurt', 'general', '伤人起火', 'Injury or fire', 'serious', TRUE, TRUE, 'XF-19', 'high', 7, '2014-03-15', FALSE, 1);
