identity-role-clerk = Clerk
identity-role-technician = Technician
identity-role-store-manager = Store manager
identity-role-region-manager = Region manager
identity-role-headquarters-quality = Headquarters quality
identity-role-assessor = Assessor
identity-role-external-assessor = External assessor
identity-role-finance = Finance
identity-role-trainer = Trainer
identity-role-partner = Partner
identity-role-administrator = Administrator

identity-unit-company = Company
identity-unit-region = Region
identity-unit-store = Store
identity-unit-team = Team

identity-scope-own = own
identity-scope-team = team
identity-scope-store = store
identity-scope-region = region
identity-scope-company = company
identity-scope-none = none

identity-theme-system = As the system
identity-theme-light = Light
identity-theme-dark = Dark

identity-locale-zh-CN = 中文
identity-locale-en = English

field-identity-login-form = Use 2 to 40 letters, digits or . _ - @
field-identity-login-taken = Somebody else has this staff number; choose another
field-identity-phone-form = Enter a telephone number of 5 to 20 digits
field-identity-phone-taken = Another person has this telephone number
field-identity-email-form = Enter the whole address, such as name@example.com
field-identity-code-form = Use 1 to 20 letters, digits, - or _
field-identity-code-taken = Another unit has this code; choose another
field-identity-zone-unknown = No such time zone; an example is Asia/Shanghai
field-identity-unit-unknown = No such unit; choose again
field-identity-unit-misplaced = It does not fit there: regions and stores stand below the company or a region, and nothing below itself
field-identity-role-unknown = No such role; choose again
field-identity-password-short = { $now ->
    [one] Use at least { $min } characters; you typed one
   *[other] Use at least { $min } characters; you typed { $now }
}
field-identity-password-long = Use at most { $max } characters
field-identity-password-common = This password is easy to guess. Choose another, such as a short sentence
field-identity-password-wrong = This is not your present password
field-identity-sign-in-wrong = Staff number or password is not right. Check capital letters and the input method, then try again
field-identity-setup-code-wrong = The code is wrong or too old. Use the last one that the program printed on its console when it started

fault-identity-too-many-tries = { $retry_after ->
    [one] Too many wrong tries. Try again in one second
   *[other] Too many wrong tries. Try again in { $retry_after } seconds
}
fault-identity-last-administrator = This is the last administrator. Make somebody else an administrator first
fault-identity-already-set-up = The first set-up has been done. Please sign in

web-switch = Switch
web-switch-about = Switch person: a colleague goes on at this computer with a PIN
identity-switch-title = Who goes on at this computer?
identity-switch-who = Person
identity-switch-here = here now
identity-switch-other = Somebody else
identity-switch-password = Sign in with password
identity-switch-set = Set my PIN
identity-switch-pin = 6-digit PIN
identity-switch-pin-about = Switches by itself at the sixth digit. Five wrong tries lock it for 10 minutes; if you forgot it, sign in with your password.
identity-switch-do = Switch
identity-switch-draft = What { $name } was writing stays with { $name }; nobody else sees it.
identity-switch-about = Comes up after 3 minutes without a touch · every act carries its person
identity-switch-locked = The screen is locked. Type a PIN to go on, or sign in.
identity-switch-lock = Lock the screen
identity-switch-nobody = Nobody can switch by PIN at this computer yet. Colleagues of the store sign in here once with their password and set a PIN.
identity-pin-title = PIN for switching
identity-pin-about = Six digits are enough to go on at a shared counter computer; it locks after 3 minutes without a touch.
identity-pin-not-for-you = Your permissions reach beyond one store: you switch by signing in with your password, not by PIN.
identity-pin-set = Set a PIN
identity-pin-change = Change the PIN
identity-pin-is-set = Set
identity-pin-new = New PIN
identity-pin-rules = Six digits, not like 123456, 111111 or 121212.
identity-pin-save = Save the PIN
identity-pin-clear = Use no PIN any more
administration-done-pin = PIN saved
administration-done-pin-cleared = No PIN any more
administration-verb-user-took-over = Took over the counter computer
administration-verb-user-pin-set = Set a PIN for switching
administration-verb-user-pin-cleared = Gave up the PIN for switching
administration-verb-user-pin-wrong = Somebody typed a wrong PIN
administration-verb-user-pin-locked = The PIN was locked after wrong tries
administration-field-counter = Person at the computer
field-identity-pin-digits = A PIN has { $n } digits
field-identity-pin-easy = This PIN is too easy to guess. Choose another
field-identity-pin-wrong = Wrong PIN, { $n } more tries
fault-identity-pin-locked = Too many wrong tries: this PIN is locked for { $minutes } minutes
    .about = Wait a while, or sign in with your password.
fault-identity-pin-none = Set your own PIN before locking the screen
    .about = Set six digits under “My account”.
fault-identity-switch-no = This person cannot take over here with a PIN
    .about = Sign in once with the password.
