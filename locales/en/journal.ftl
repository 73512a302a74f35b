# The journal: who did what and when, and how it is proved that nothing was changed.

journal-title = Journal
journal-entry = Entry { $seq }
journal-happened = Happened { $at }
journal-entered = Entered { $at }
journal-entered-late = Entered late: happened { $happened }, entered { $entered }
journal-before = Before
journal-after = After
journal-empty = empty
journal-value-erased = Erased on request
journal-value-masked = Personal, masked
journal-sealed = Sealed
journal-unsealed = Waiting to be sealed
journal-verb-journal-erased = Erased personal data

journal-actor-staff = Staff
journal-actor-token = Program
journal-actor-customer = Customer
journal-actor-system = System
journal-actor-erased = Customer (name erased)

journal-dossier-download = Download dossier
journal-dossier-about = Holds the whole journal of this record with its seals and a signature, and can be verified without this system. It contains personal data: keep it safe.
journal-dossier-proved = Proved: whole, and signed by the key asked for
journal-dossier-consistent = Whole, origin unproved: give the key's fingerprint to prove it
journal-dossier-broken = The dossier does not hold
journal-dossier-unreadable = Not a dossier, or of an unknown format: { $detail }
journal-dossier-entry = Entry { $seq } is not right
journal-dossier-seal = Seal { $seq } is not right
journal-dossier-proof = Entry { $seq } is not under the seal that it names
journal-dossier-signature = The signature is not that of the key in the file
journal-dossier-part = The file { $detail } is altered or missing
journal-dossier-other-key = Signed by another key: { $detail }

journal-verify-sound = Verified: nothing is wrong
journal-verify-problems = { $n ->
    [one] 1 problem found
   *[other] { $n } problems found
}
journal-verify-counts = { $records } records, { $entries } entries, { $sealed } of them sealed
journal-verify-newest-seal = Newest seal: number { $seq }, { $digest }
journal-verify-newest-seal-about = Keep a copy elsewhere: it proves later that nothing was cut off at the end.

journal-flaw-missing = Entry { $detail } is missing
journal-flaw-chain = Does not follow from the entry before it
journal-flaw-altered = Was altered
journal-flaw-value = The personal value “{ $detail }” was altered
journal-flaw-vanished = The personal value “{ $detail }” vanished without an entry of erasure
journal-flaw-stray = A value belongs to no entry
journal-flaw-no-seal = Names a seal that does not exist
journal-flaw-seal-missing = Seal { $detail } is missing
journal-flaw-seal-chain = Does not follow from the seal before it
journal-flaw-seal-altered = The seal was altered
journal-flaw-seal-signature = The seal's signature is wrong
journal-flaw-seal-key = The seal is signed by another key: { $detail }
journal-flaw-seal-content = The entries under the seal are not those that were sealed
