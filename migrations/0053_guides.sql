-- Talk guides (话术) and coordination guides: what a good colleague would say now, as texts with versions.

CREATE TABLE guide (
    id {PK},
    -- The version that counts.
    version BIGINT NOT NULL,
    ordinal BIGINT NOT NULL,
    retired_at BIGINT
);

-- Versions are never changed. What is left out fits everything.
CREATE TABLE guide_version (
    guide_id BIGINT NOT NULL REFERENCES guide (id),
    version BIGINT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('talk', 'calming', 'coordination')),
    stage TEXT CHECK (stage IN ('intake', 'screen', 'investigate', 'offer', 'execute', 'call_back', 'close')),
    -- A complaint's topic.
    topic TEXT,
    -- For complaints at least this grave.
    severity TEXT CHECK (severity IN ('s1', 's2', 's3', 's4')),
    emotion TEXT CHECK (emotion IN ('angry', 'anxious', 'aggrieved', 'threatening', 'abusive')),
    title_zh TEXT NOT NULL,
    title_en TEXT NOT NULL,
    body_zh TEXT NOT NULL,
    body_en TEXT NOT NULL,
    changed_by BIGINT REFERENCES user_account (id),
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (guide_id, version)
);

INSERT INTO guide (id, version, ordinal) VALUES
    (1, 1, 1),
    (2, 1, 2),
    (3, 1, 3),
    (4, 1, 4),
    (5, 1, 5),
    (6, 1, 6),
    (7, 1, 7),
    (8, 1, 8),
    (9, 1, 9),
    (10, 1, 10),
    (11, 1, 11),
    (12, 1, 12),
    (13, 1, 13),
    (14, 1, 14),
    (15, 1, 15),
    (16, 1, 16),
    (17, 1, 17),
    (18, 1, 18),
    (19, 1, 19),
    (20, 1, 20),
    (21, 1, 21),
    (22, 1, 22),
    (23, 1, 23),
    (24, 1, 24),
    (25, 1, 25),
    (26, 1, 26),
    (27, 1, 27);

INSERT INTO guide_version (guide_id, version, kind, stage, topic, severity, emotion, title_zh, body_zh, title_en, body_en, changed_at) VALUES
(1, 1, 'talk', 'intake', NULL, NULL, NULL, '接投诉的第一分钟',
'您好，我是{store}的{me}，您反映的事我来跟。
您先说，我记着，说完我再问。
……
我复述一遍，您看对不对：您在什么时候、买的什么、遇到了什么，您希望我们怎么办。
这件事的单号是 {number}。我今天几点前给您第一次答复，这个时间我说了算，做不到我也会提前打给您。',
'The first minute of a complaint',
'Hello, this is {me} of {store}. I will look after this for you.
Please go ahead, I am writing it down and will ask afterwards.
…
Let me say it back to you: when it was, what you bought, what happened, and what you would like us to do. Is that right?
Your number is {number}. You will hear from me by … today. That time is my word; if I cannot keep it, I will call you before it.', 0),
(2, 1, 'talk', 'intake', NULL, 's1', NULL, '有人受伤或有危险',
'先问人：您和家人现在安全吗？有没有人受伤，去医院了吗？
请先断开电源（关上气阀），不要再用这台机器，也先不要拆动，我们要派人来看原样。
我现在就报给区域负责人，十五分钟内有人给您打电话。
医疗费和损失的单据请您都留着，赔付的事我们一起谈，不会让您先垫着等。
（不要猜原因，不要说“不可能是我们的问题”。）',
'Somebody is hurt or in danger',
'People first: are you and your family safe now? Is anyone hurt, has anyone seen a doctor?
Please unplug it (close the gas valve) and do not use it. Please leave it as it is; we need to see it untouched.
I am passing this to the regional manager right now. Somebody will call you within fifteen minutes.
Please keep all receipts for treatment and damage. We will talk about payment together.
(Do not guess at causes. Never say “that cannot be us”.)', 0),
(3, 1, 'talk', 'screen', NULL, NULL, NULL, '受理后的第一次答复',
'{store}的{me}，给您回电。您的投诉 {number} 我们正式受理了，由我负责到底。
接下来：我先核对记录，再向有关部门要情况。最迟哪一天给您处理意见，中间有进展我随时打给您。
为了弄清楚，请您帮我补一样：小票或订单照片、当时的聊天记录或通话时间。没有也不要紧，我们自己查。',
'The first answer once it is taken on',
'This is {me} of {store} calling back. We have taken your complaint {number} on, and I stay with it to the end.
Next I check our records and ask the departments concerned. You will have our view by … at the latest, and I call whenever there is news.
One thing would help: a photo of the receipt or order, the chat, or the time of the call. If you do not have it, we will look ourselves.', 0),
(4, 1, 'talk', 'screen', NULL, NULL, NULL, '不予受理时怎么说',
'我把结果和理由都告诉您，您可以不同意。
您反映的是……，我们查到的是……。按这个情况，这件事不由我们处理，理由是……。
能办这件事的是……，电话是……，需要您带上……。
书面说明我发给您。您要是有新的凭据，随时找我，我重新看；不认可这个结果，也可以请我们上一级复核，或者向 12315 反映。',
'Saying that we do not take it on',
'Here are the result and the reasons; you may disagree.
You told us …; what we found is …. So this is not for us to settle, because ….
The right place is …, phone …; please bring ….
I am sending you this in writing. With anything new, come to me and I look again. If you do not accept it, our next level can review it, and you can turn to 12315.', 0),
(5, 1, 'talk', 'investigate', NULL, NULL, NULL, '还没有结果时的进展回复',
'我是{store}的{me}，说一下 {number} 的进展：已经做的是……；还差的是……，卡在……。
原来说今天给您结果，现在看今天给不了，是我们的原因，对不起。
新的时间是……，到时不管有没有结果我都打给您。
这期间您最不方便的是什么？我看看能不能先解决。',
'Nothing settled yet: the interim call',
'This is {me} of {store} with news on {number}. Done so far: …. Still missing: …, held up by ….
We said today; we cannot keep that. That is on our side, and I am sorry.
The new time is …. I will call then, with or without a result.
What troubles you most meanwhile? Let me see what can be eased right away.', 0),
(6, 1, 'talk', 'offer', NULL, NULL, NULL, '说明处理方案',
'先说事实：我们查到的是……，责任在我们的部分是……。
再说法律给您的：按规定您可以……，这部分不用商量。
再说我们愿意多做的：……。
最后说怎么兑现：谁、哪天、做什么，钱几天到账。
您看哪一条还不合适？（停下来，听。不要抢着加码，也不要说“这是最后的方案”。）',
'Explaining the offer',
'Facts first: we found …; our part of the blame is ….
Then what the law gives you: you may …. That is not up for bargaining.
Then what we add: ….
Then how it is done: who, which day, what; money within … days.
Which part does not fit yet? (Stop and listen. Do not rush to add, and never say “this is our last offer”.)', 0),
(7, 1, 'talk', 'offer', 'refund', NULL, NULL, '退换货争议',
'退换分三种，我给您对一下您是哪一种：
一是质量问题，按三包和消费者权益保护法，您可以退、换、修，您来选；
二是网购七天无理由，商品完好就能退；
三是不喜欢了又过了七天，法律没有规定，我们店里的做法是……。
您这一单属于……，所以能办的是……，运费由……承担，退款原路返回，……天内到账。',
'Return or exchange in dispute',
'There are three kinds of return; let us see which is yours.
A fault: by the three-guarantees rules and the consumer law you may have repair, exchange or refund.
Seven days without reason for online purchases: the goods must be complete and sound.
A change of mind after that: the law is silent, our shop does ….
Yours is …, so we can …; carriage is paid by …; the money goes back the way it came within … days.', 0),
(8, 1, 'talk', 'offer', 'fees', NULL, NULL, '收费争议',
'我把这笔费用一项一项说给您听：上门……元，配件……元，工时……元，依据是墙上和网上公示的价目第……项。
动手之前师傅有没有给您看价目、您有没有同意？（没有就是我们的错：没有说明的不收，已经收的退。）
同意过的项目，我把签字和价目发给您对；对不上的，差多少退多少。',
'A dispute about charges',
'Let me go through the bill: visit … yuan, parts … yuan, labour … yuan, by item … of the price list on the wall and online.
Did the technician show you the list and did you agree before work began? (If not, it is our fault: what was not explained is not charged, and what was paid goes back.)
For what you agreed to I send you the signature and the list; any difference is refunded.', 0),
(9, 1, 'talk', 'investigate', 'attitude', NULL, NULL, '投诉员工态度',
'这件事让您受委屈了，我先向您道歉。您说的是哪天、哪位、当时说了什么，我一字一句记下来。
我会听录音、看监控、单独问他，也会问在场的人，不会只听他的。
查清楚我把结果告诉您：该道歉的他当面或电话道歉，您不想见他也可以由我来。
怎么处理他是我们内部的事，但改没改，您下次来能看到。',
'A complaint about how somebody behaved',
'I am sorry that you were treated like that. Please tell me the day, who it was and what was said; I write it down word for word.
I will listen to the recording, look at the camera, talk to them alone and ask who else was there.
Then I tell you what we found. An apology comes from them, in person or by phone, or from me if you would rather not meet them.
How we deal with them is our matter; whether it changed you will see when you come again.', 0),
(10, 1, 'talk', 'investigate', 'repair', NULL, NULL, '修了又坏',
'同一个毛病第……次了，换谁都着急，我不再让您“再修一次看看”。
我先查前几次修了什么、换了什么件。符合“修过两次仍不能正常使用”的，您可以直接要求换或者退，我来给您办。
这次我请技术主管来定原因，您在家的时间是……？修的这几天需要备用机吗？',
'It broke again after repair',
'The same fault for the … time: anyone would be fed up, and I will not ask you to “try once more”.
I check what was done and which parts were replaced. If it still does not work after two repairs, you may have an exchange or a refund, and I arrange it.
Our senior technician settles the cause this time. When are you at home? Do you need a loan machine meanwhile?', 0),
(11, 1, 'talk', 'investigate', 'delivery', NULL, NULL, '爽约、送晚、装晚',
'您请假等了我们，我们没有来，也没有说，这是我们失约，对不起。
我现在就排：最早是……，您看行不行；不行您定一个时间，我来协调。
师傅出门前会给您打电话，我在后台看着；晚了先打给您的是我，不是您打给我。
误工和来回的补偿，我按规定给您申请，……前答复。',
'We did not come, or came late',
'You took time off and waited; we neither came nor called. We broke our word, and I am sorry.
I am booking it now: the earliest is …. If that does not suit, name a time and I arrange it.
The crew calls before leaving, and I watch it. If it gets late, I call you; you do not have to call me.
I ask for compensation of your time by our rule and answer by ….', 0),
(12, 1, 'talk', 'investigate', 'privacy', NULL, NULL, '个人信息被泄露或被骚扰',
'您觉得信息是从我们这里出去的，我当真来查：谁看过您的资料，系统里有记录。
您先告诉我接到的是什么电话、几点、对方知道您哪些信息。
从现在起我把营销联系全部关掉，您的号码只有处理这件事的人看得到，看一次记一次。
查到结果书面告诉您；涉及诈骗的，请您先别转账，打 96110。',
'Personal data leaked or misused',
'You think it came from us, and I take that seriously: every look at your file is recorded.
Please tell me what call you had, when, and what the caller knew.
From now on all marketing is off. Only those who work on this see your number, and each look is kept.
You get the result in writing. If it smells of fraud, please do not transfer money; call 96110.', 0),
(13, 1, 'talk', 'execute', NULL, NULL, NULL, '兑现要晚了',
'答应您……号办好，现在要晚到……，原因是……。我提前告诉您，不等您来问。
您如果不愿意等，可以改成……，两条都算数，您选。
晚的这几天，我们给您……作为补偿。新的时间我盯着，办完当天打给您核对。',
'We will be late in carrying it out',
'We promised … and it will be …, because …. I tell you before you have to ask.
If you would rather not wait, we can do … instead. Both stand; you choose.
For the delay we give you …. I watch the new date and call you on the day it is done.', 0),
(14, 1, 'talk', 'call_back', NULL, NULL, NULL, '回访三问',
'您好，我是{store}的{me}，没有参与处理您的投诉，所以您怎么说都行。
第一，答应您的都兑现了吗？（一条一条念）
第二，到今天问题还在不在？
第三，处理这件事的过程，1 到 5 分您打几分？扣分扣在哪儿？
有没有还没说的？（没解决的，当场说明会重新打开，谁、什么时候联系您。）',
'Three questions when calling back',
'Hello, this is {me} of {store}. I had no part in your complaint, so please speak freely.
First: has everything we promised been done? (Read it out line by line.)
Second: is the problem gone today?
Third: how did we handle it, 1 to 5? Where did we lose points?
Anything left unsaid? (If it is not solved, say at once that it is opened again, who will call and when.)', 0),
(15, 1, 'talk', 'close', NULL, NULL, NULL, '顾客不认可结果',
'您不同意，我理解，也记下来了。您不同意的是事实、是责任、还是补偿？我只改得了我权限里的，改不了的我不骗您。
您可以申诉：由没有经手过的上一级重新看，不是我，也不是我的同事，……天内答复。
您也可以向 12315、消费者协会反映，或者找法院，这是您的权利，我们会如实提供材料。',
'The customer does not accept the result',
'You disagree; I understand and have written it down. Is it the facts, the blame or the compensation? I can change what is within my limits and will not pretend about the rest.
You may appeal: somebody higher up who had no part in it looks again and answers within … days.
You may also turn to 12315, the consumers’ association or a court. That is your right, and we will hand over the facts as they are.', 0),
(16, 1, 'calming', NULL, NULL, NULL, NULL, '先接住情绪，再谈事情',
'（停下手里的事，身体转向顾客，声音比对方低一点、慢一点。）
您这么生气，一定是被折腾得不轻。您慢慢说，我不打断。
……
我听明白了：让您最窝火的是……，对吗？
这件事换成我，我也不高兴。现在我能马上做的是……，您看这样行不行？
（不说：您冷静一下、这是规定、您听我说、别人都没事。）',
'Catch the feeling first, then the matter',
'(Put down what you do, turn to the customer, speak a little lower and slower than they do.)
You must have been through a lot to be this upset. Take your time, I will not interrupt.
…
I see: what galls you most is …, is that so?
In your place I would not be pleased either. What I can do right now is …. Would that be all right?
(Never: calm down; it is the rule; listen to me; nobody else complains.)', 0),
(17, 1, 'calming', NULL, NULL, NULL, 'angry', '大声、拍桌、要见领导',
'我听到了，您要的是……。我们到里边坐，我给您倒杯水，这里人多，您的事我想听全。
我能定的是……，现在就办；我定不了的，我请店长来，他五分钟内到，您不用再说一遍，我来说。
（同一句话最多解释两遍；第三遍换人。请店长前先把经过用三句话写给他。）',
'Loud, pounding the desk, asking for the boss',
'I hear you: you want …. Let us sit down inside, I get you some water; I want to hear all of it without the crowd.
What I can decide is …, and I do it now. For the rest I fetch the manager, here in five minutes. You need not repeat it, I will tell it.
(Explain the same thing twice at most; the third time, change the person. Give the manager three lines on what happened first.)', 0),
(18, 1, 'calming', NULL, NULL, NULL, 'anxious', '反复来电催问',
'您打了好几次，说明我们没让您放心，这是我们没做好。
现在走到的是……这一步，下一步是……，由……在办。
以后您不用打来：我每天……点给您发一条，有没有进展都发。
最坏的情况是……，那时我们会……，您不会没有办法。',
'Calls again and again',
'That you had to call so often shows that we left you in the dark; that is on us.
It stands at …; next comes …, in the hands of ….
You need not call any more: every day at … you get a line from me, news or not.
The worst that can happen is …, and then we will …. You will not be left alone with it.', 0),
(19, 1, 'calming', NULL, NULL, NULL, 'aggrieved', '失望、委屈、老顾客',
'您在我们这儿买了这么多年，这次这样对您，说不过去。
您不是为了那点钱，是觉得没人当回事，对吗？
这件事从现在起有人管，就是我，我的直线是……。
我先把欠您的那句话补上：对不起。然后我们一件一件来。',
'Hurt, disappointed, a customer of many years',
'You have bought from us for years, and being treated like this is not right.
It is not the money; it is that nobody seemed to care. Is that so?
From now on somebody does: me. My own number is ….
Let me first say what is owed: I am sorry. Then we take it one by one.', 0),
(20, 1, 'calming', NULL, NULL, NULL, 'threatening', '要曝光、要打 12315、要找媒体',
'向 12315 反映、找媒体，都是您的权利，我不劝您，也不会因此少办一件事。
我只想把您的事办好：您最在意的是……，我现在能答应的是……，几点前给您准信。
（不承诺“只要您不发就……”，不加钱买安静，不请求删帖。记下原话、平台、时间，立刻报区域负责人；对外说话只由一个人说。）',
'Threatens to go public or to call 12315',
'To turn to 12315 or the press is your right. I do not talk you out of it, and nothing here will slow down because of it.
I want to settle your matter: what counts most for you is …; what I can promise now is …; you will know by ….
(Never promise something “if you do not post”, never pay for silence, never ask to delete. Note the words, the platform and the time, tell the regional manager at once; one person alone speaks for us.)', 0),
(21, 1, 'calming', NULL, NULL, NULL, 'abusive', '辱骂与人身威胁',
'您的事我想给您办，但这样骂我没法办。我们把话说到事情上，好吗？
（再犯）我再说一遍：再骂，我会结束这次通话，并在……点由我的主管给您回电，事情照办。
（第三次，说到做到。有人身威胁：离开柜台，叫店长，拨 110，保留录音录像。事后主管要先问员工：你还好吗？今天不再接这位顾客。）',
'Abuse and threats against staff',
'I want to settle this for you, but not while being insulted. Let us keep to the matter, shall we?
(Again) I say it once more: if it goes on I end this call, and my supervisor calls you at …. The matter goes on all the same.
(The third time, do it. Threats of violence: leave the counter, fetch the manager, call 110, keep the recording. Afterwards the supervisor asks the colleague first: are you all right? No more dealings with this customer today.)', 0),
(22, 1, 'coordination', 'screen', NULL, NULL, NULL, '该请谁进来',
'先看责任矩阵：谁负责、谁拍板、问谁、告诉谁。
只请能给事实或能拍板的人，别拉大群。
产品原因：厂家网点或技术主管；安装、配送：该承运方的调度；收费：财务；合同和个人信息：法务；有人受伤、媒体、政府部门：区域负责人，立即。
被投诉的人只提供情况，不参与处理。',
'Whom to bring in',
'Look at the responsibility matrix first: who does it, who answers for it, who is asked, who is told.
Bring in only those who have facts or can decide; no big groups.
The product: the maker’s outlet or the senior technician. Installation, delivery: the carrier’s dispatcher. Charges: finance. Contracts and personal data: legal. Injury, press, authorities: the regional manager, at once.
Whoever it is about gives facts and takes no part in the decision.', 0),
(23, 1, 'coordination', 'investigate', NULL, NULL, NULL, '向别的部门要情况',
'【投诉 {number}】需要你们在……日……点前答复。
一句话：顾客说……。
只要三样：1. ……的记录（时间、经手人）；2. ……是不是这样；3. 你们认为责任在哪。
为什么急：我答应顾客……点回复，严重度是……。
不够清楚就打给我，别等。到点没有答复，我会同时问你和你的主管。',
'Asking another department for facts',
'[Complaint {number}] Please answer by ….
In one line: the customer says ….
Three things only: 1. the record of … (times, who); 2. is it true that …; 3. where do you see the responsibility?
Why now: I promised the customer an answer by …; the severity is ….
If this is unclear, call me at once. Without an answer by then I will ask you and your head together.', 0),
(24, 1, 'coordination', 'offer', NULL, NULL, NULL, '三方通话怎么开',
'打之前：和厂家（承运方）先通气，说好谁先说、能让到哪、不能当着顾客争责任。
开头：这边是顾客……，这边是……的……，我是{store}的{me}，我来主持，全程录音，各位同意吗？
顺序：顾客说两分钟，不打断；对方说事实，不说责任；我归纳，问各自能做什么、哪天做。
结尾：我念一遍约定，三方各说“同意”，十分钟内发文字给两边。
吵起来就停：我们先到这儿，我分别打给二位。',
'Holding a three-way call',
'Before: talk to the maker (carrier) alone: who speaks first, how far they can go, no quarrel about blame before the customer.
Opening: here is …, here is … of …, I am {me} of {store} and chair this call; it is recorded. Do all agree?
Order: two minutes for the customer without interruption; the other side gives facts, not blame; I sum up and ask what each can do, and when.
End: I read out what was agreed, each says yes, and both get it in writing within ten minutes.
If it gets heated: we stop here, I call each of you.', 0),
(25, 1, 'coordination', 'execute', NULL, NULL, NULL, '催办：对事不对人',
'【投诉 {number}】约定……完成，现在晚了……小时，顾客已经来问过……次。
你卡在哪一步？缺件、缺人、还是要谁拍板？说一样，我去解决一样。
给我一个新的时间，我去和顾客说；这个时间我写进单子里，大家都看得到。
第二次还晚，我按规定报到你的上一级，不是告状，是顾客等不了。',
'Chasing, about the matter and not the person',
'[Complaint {number}] Due …, now … hours late; the customer has asked … times.
Where is it stuck: parts, people, a decision? Name one, and I go after it.
Give me a new time, and I tell the customer. It goes into the record where all can see it.
If it is late a second time I pass it to your next level by our rule. That is no blame; the customer cannot wait.', 0),
(26, 1, 'coordination', NULL, NULL, 's2', NULL, '严重投诉：一个出口、一张时间表',
'十分钟内定三件事：谁是唯一对顾客说话的人；谁拍板；下一次碰头几点。
其他人接到顾客、媒体、政府部门来电，只说：这件事由……负责，他……点前联系您。
每次碰头只过三行：知道了什么，还不知道什么，下一步谁做。
记在单子里，不记在群里；原始证据（录音、监控、配件）当天保全。',
'A grave complaint: one voice, one timetable',
'Within ten minutes settle three things: who alone speaks to the customer; who decides; when you meet next.
Anybody else who is called by the customer, the press or an authority says only: … is in charge and will contact you by ….
Each meeting has three lines: what we know, what we do not know, who does what next.
Write it into the record, not into a chat group. Secure the evidence (recordings, camera, parts) the same day.', 0),
(27, 1, 'coordination', 'offer', 'quality', NULL, NULL, '请厂家认账',
'给厂家的材料一次备齐：型号、序列号、购机日期、故障照片或视频、前几次维修单、顾客原话。
开口先说依据：三包第……条（或厂家承诺第……条），顾客选的是……，我们已经先行处理。
要一个书面答复：认不认、谁承担、件几天到；口头的当天发邮件确认。
对顾客不说“要等厂家”：法律上找我们就行，厂家的账我们自己去算。',
'Getting the maker to stand by it',
'Have it all ready at once: model, serial, date of purchase, photos or video of the fault, earlier repair slips, the customer’s words.
Open with the ground: article … of the three-guarantees rules (or the maker’s promise …); the customer chose …; we have gone ahead.
Ask for a written answer: do they accept, who pays, when do parts come. Confirm spoken words by mail the same day.
Never tell the customer “we wait for the maker”: by law they may turn to us, and we settle with the maker ourselves.', 0);
