identity-role-clerk = Clerk
identity-role-technician = Technician
identity-role-store-manager = Store manager
identity-role-region-manager = Region manager
identity-role-headquarters-quality = Headquarters quality
identity-role-assessor = Assessor
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
