# Self-assessments
assessments-menu = Self-assessments
assessments-title = Self-assessments
assessments-list-about = The score of a day with everything that it rested on. Signed, never changed, withdrawn only with a reason.
assessments-new = New self-assessment
assessments-new-about = Keeps score, tree, evidence and gaps of a day as they are, and signs them. Today takes the score as it stands now, an earlier day what was kept then.
assessments-day-hint = Today, or a day whose score was kept; not later than today.
assessments-title-example = For example: before the certification
assessments-make-do = Sign and keep
assessments-empty = No self-assessment yet
assessments-empty-about = Make one to keep the score of a day with what it rests on; later it can be compared.
assessments-col-title = Title
assessments-col-day = Day
assessments-col-score = Score
assessments-col-version = Version
assessments-col-change = Change
assessments-about-points = Estimate { $ends }
assessments-facts = { $unit } · { $day } · made by { $who } at { $at }
assessments-state-valid = Valid
assessments-state-withdrawn = Withdrawn
assessments-withdrawn-line = Withdrawn by { $who } at { $at }: { $why }
assessments-withdrawn-print = Withdrawn at { $at }: { $why }
assessments-broken = What is stored is not what was signed; it proves nothing
assessments-result = Result
assessments-evidence-n = { $n ->
    [one] { $n } piece of evidence
   *[other] { $n } pieces of evidence
}
assessments-entries-of = The newest { $n } of { $all } records are listed
assessments-side-label = Comparison, gaps and signature
assessments-gaps = Gaps
assessments-seal = Signature
assessments-sealed = The content is what was signed; nothing was changed since.
assessments-key = Signing key
assessments-withdraw = Withdraw
assessments-withdraw-about = Content and signature stay, marked as withdrawn with the reason.

# Comparison
assessments-compare = Compare
assessments-compare-about = Two self-assessments clause by clause: before, after, change and why.
assessments-compare-with = Compare with
assessments-compare-do = Compare
assessments-compare-pick = Choose two self-assessments
assessments-compare-none = Choose two self-assessments
assessments-side-before = Before
assessments-side-after = After
assessments-changes = Changes
assessments-show-moved = Only what changed
assessments-no-change = Nothing changed.
assessments-other-version = The two are by different versions of the scheme ({ $before }, { $after }): points and clauses may differ, so compare single clauses only.
assessments-other-unit = The two are of different units: { $before }, { $after }.
assessments-one-withdrawn = The self-assessment of { $day } was withdrawn.
assessments-not-judged = not judged
assessments-more = and { $n } more
assessments-why-new = the clause was not there before
assessments-why-gone = the clause is no longer there
assessments-why-points = points { $before } → { $after }
assessments-why-ended = no longer counts: { $names }
assessments-why-entered = counts now: { $names }

# Report
assessments-report = Report
assessments-report-title = After-sales service self-assessment
assessments-in-zh-CN = 中文
assessments-in-en = English
assessments-scheme = Scheme
assessments-made-by = Made by
assessments-summary = Summary
assessments-applicable = Applicable
assessments-index = Index by clause
assessments-page = Page
assessments-page-of = Page { $n } of { $all }
assessments-tree = Indicators and evidence
assessments-col-clause = Clause and evidence
assessments-foot = { $unit } · { $day } · { $title }
assessments-own = A self-assessment out of the company's own records; only a certification body awards stars.
assessments-sign-made = Made by (signature)
assessments-sign-manager = Head of after-sales (signature)
assessments-sign-date = Date
assessments-sign-assessor = Assessor (signature)

# Evidence bundle
assessments-bundle = Evidence bundle
assessments-evidence-index = Index of evidence
assessments-col-evidence = Evidence
assessments-col-needs = Asked for
assessments-col-found = Found
assessments-col-entered = Entered
assessments-col-proof = Journal proof
assessments-what-part = Counted
assessments-what-entry = Record
assessments-what-judgement = Judgement
assessments-what-special = Special deduction or bonus
assessments-bundle-json = the signed text of the self-assessment, its signature beside it
assessments-bundle-proofs = journals of { $n } records, judgements and special deductions; of each indicator the newest { $most } records at most
assessments-bundle-journal = the journal of this self-assessment itself
assessments-bundle-verify = Verify it without database or network. Ask the company for the fingerprint of its key; do not take it from this page alone:
assessments-bundle-left-out = Cases and complaints hold customers' personal data and are not in the bundle; what was counted names where the records are in the program, to be opened on the audit day.

# Messages
fault-assessments-withdrawn = This self-assessment was withdrawn already
    .about = It is withdrawn once; the reason is on its page.
fault-assessments-unreadable = What is stored of this self-assessment is not what was signed
    .about = No bundle can be made of it; let the administrator run aftercare verify.
fault-assessments-bundle-large = The bundle is too large
    .about = A file holds 4 GB; make one of each region or store.
field-assessments-not-yet = This day has not come yet
field-assessments-no-day = No score was kept of this day; choose another
field-assessments-made = There is one with this title of this unit and day
field-assessments-same = Choose two different ones
field-name-day = Day

# Permissions
permission-group-assessments = Self-assessments and certificates
permission-assessments-view = See self-assessments of one's place, their comparison and report
permission-assessments-make = Make and withdraw self-assessments
permission-assessments-export = Take evidence bundles
permission-assessments-certificates = See the register of certificates
permission-assessments-keep-certificates = Keep the register: certificates, surveillance, use of the mark
