administration-menu-people = People
administration-menu-units = Organisation
administration-menu-roles = Roles

administration-save = Save
administration-cancel = Leave as it is
administration-crumbs = You are here
administration-read-only = You can only look. Ask an administrator for changes
administration-logout = Sign out

administration-login-title = Sign in
administration-login-about = after-sales service
administration-login-name = Staff number or phone
administration-login-password = Password
administration-login-keep = Keep me signed in on this device for 7 days
administration-login-keep-about = Not on a shared store PC, please: there you sign in again after closing the browser or 2 hours without use.
administration-login-do = Sign in
administration-login-help = Forgot the password, or trouble signing in? Ask your store manager or an administrator.
administration-login-help-phone = Forgot the password, or trouble signing in? Ask your store manager or call headquarters on { $phone }.

administration-setup-title = First set-up
administration-setup-about = Makes the company and its first administrator. Done only once.
administration-setup-code = Set-up code
administration-setup-code-about = The program prints it on its console when it starts; it looks like 7Q2M-K0XD
administration-setup-company = Company name
administration-setup-store = Name of the first store
administration-setup-store-about = If you name one, you are its store manager as well; it can also be added later
administration-setup-do = Set up and sign in

administration-password-about = At least 10 characters; a sentence that you remember is best

administration-me-title = My settings
administration-me-look = Display
administration-me-language = Language
administration-me-theme = Light or dark
administration-me-keys-off = Switch single keys off
administration-me-keys-off-about = N, J, K and the like then do nothing
administration-me-password = Password
administration-me-password-present = Present password
administration-me-password-new = New password
administration-me-password-about = Afterwards you are signed out on all other devices.
administration-me-password-do = Change password
administration-me-roles = My roles
administration-me-no-roles = No role yet. Ask your store manager or an administrator.
administration-me-sessions = Signed-in devices
administration-me-no-sessions = No device is signed in.
administration-me-sign-out-everywhere = Sign out everywhere
administration-session-seen = Last used
administration-session-where = Address and browser
administration-session-ends = Ends at the latest
administration-session-here = this device
administration-me-tokens = API tokens
administration-me-tokens-about = For other programs; they may do what you may
administration-token-name = Purpose
administration-token-name-about = Such as: till system, report script
administration-token-used = Last used
administration-token-never = never
administration-token-end = Valid for
administration-token-days = { $n ->
    [one] one day
   *[other] { $n } days
}
administration-token-forever = until revoked
administration-token-created = made { $at }
administration-token-revoke = Revoke
administration-token-revoke-name = Revoke the token “{ $name }”
administration-token-do = Make a token
administration-token-made = The token is ready. Copy it now
administration-token-made-about = It is shown only this once. After leaving the page you can only make a new one.

administration-people-title = People
administration-people-count = { $n ->
    [one] one person
   *[other] { $n } people
}
administration-people-find = Name, staff number or whole phone number
administration-people-unit = Unit
administration-people-any-unit = All units
administration-people-state = State
administration-people-state-active = Active
administration-people-state-left = Left
administration-people-state-all = All
administration-people-filter = Filter
administration-people-clear = Clear the filter
administration-people-none = Nobody matches
administration-people-none-about = Try other conditions, or clear the filter to see everybody.
administration-people-empty = Nobody yet
administration-people-empty-about = There is nobody in the units that you see.

administration-person-new = Add a person
administration-person-who = Person
administration-person-name = Name
administration-person-login = Staff number
administration-person-login-about = For signing in; capital letters make no difference
administration-person-home = Works in
administration-person-phone = Phone
administration-person-phone-about = Also good for signing in
administration-person-email = E-mail
administration-person-active = Active
administration-person-active-about = Without it the person cannot sign in from now on and tokens end; all records stay
administration-person-roles = Roles
administration-person-roles-about = A role carries as far down as the unit where it is given. A person may have several.
administration-person-role-n = Role { $n }
administration-person-role = Role
administration-person-role-none = None
administration-person-role-unit = Given at
administration-person-role-home = Where the person works
administration-person-role-remove = Choose “None” to take a role away.
administration-person-no-roles = no role
administration-person-password = First password
administration-person-password-new = Reset the password
administration-person-password-about = Empty leaves it as it is. A reset signs the person out everywhere

administration-units-title = Organisation and stores
administration-units-count = { $n ->
    [one] one open store
   *[other] { $n } open stores
}
administration-unit-new = Add a unit
administration-unit-name = Name
administration-unit-name-en = English name
administration-unit-kind = Kind
administration-unit-parent = Below
administration-unit-code = Code
administration-unit-code-about = Used on papers and by other programs, such as HZ02
administration-unit-zone = Time zone
administration-unit-zone-about = Business days are counted in it; an example is Asia/Shanghai
administration-unit-phone = Phone
administration-unit-phone-about = Printed on slips, so customers see it
administration-unit-address = Address
administration-unit-people = People
administration-unit-closed = closed
administration-unit-active = In use
administration-unit-active-about = When closed it takes no new cases; all records stay

administration-roles-title = Roles and permissions
administration-roles-about = What each role may do, and how far it carries
administration-roles-ask = What would this person see
administration-roles-person = Person
administration-roles-show = Show
administration-roles-nothing = { $name } has no permission yet.
administration-roles-matrix = Permission table
administration-roles-permission = Permission
administration-reach-company = the whole company
administration-reach-own = records that the person owns
administration-reach-teams = teams { $names }
administration-reach-comma = { ", " }
administration-reach-and = { "; and " }

administration-history = History
administration-history-none = none
administration-history-program = The program
administration-history-change = { $field }: { $before } → { $after }
administration-verb-company-founded = founded the company
administration-verb-user-created = added this person
administration-verb-user-changed = made changes
administration-verb-user-preferences-changed = changed the display settings
administration-verb-user-password-changed = changed the password
administration-verb-user-signed-out-everywhere = signed out everywhere
administration-verb-user-token-created = made an API token
administration-verb-user-token-revoked = revoked an API token
administration-verb-unit-created = added this unit
administration-verb-unit-changed = made changes
administration-field-login = Staff number
administration-field-name = Name
administration-field-name-en = English name
administration-field-phone = Phone
administration-field-email = E-mail
administration-field-home = Works in
administration-field-locale = Language
administration-field-theme = Light or dark
administration-field-keys-off = Single keys off
administration-field-active = In use
administration-field-roles = Roles
administration-field-password = Password
administration-field-token = API token
administration-field-kind = Kind
administration-field-code = Code
administration-field-parent = Below
administration-field-zone = Time zone
administration-field-address = Address

administration-done-saved = Saved
administration-done-password = Password changed; other devices are signed out
administration-done-revoked = Token revoked
administration-done-person-created = Person added
administration-done-person-saved = Person saved
administration-done-unit-created = Unit added
administration-done-unit-saved = Unit saved

permission-group-administration = Settings
permission-administration-people-view = See people
permission-administration-people-edit = Add and change people and their roles
permission-administration-administrators-appoint = Appoint administrators
permission-administration-units-view = See the organisation
permission-administration-units-edit = Add and change units
permission-administration-roles-view = See the permission table

field-administration-login-unknown = No active person has this staff number

fault-administration-administrators-only = Only an administrator changes an administrator's account or roles
    .about = Ask an administrator. Nothing was saved.
fault-administration-own-roles = You cannot change your own roles
    .about = Ask a colleague to do it.
fault-administration-role-out-of-reach = That role's unit is outside what you manage
    .about = Ask somebody above you or an administrator.
