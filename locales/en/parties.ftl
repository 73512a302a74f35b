# Customers and products

permission-group-customers = Customers
permission-customers-view = See customers, masked
permission-customers-edit = Open and change customer files
permission-customers-reveal = See whole numbers and addresses

parties-verb-opened = Customer file opened
parties-verb-changed = Customer file changed
parties-verb-revealed = Personal data shown

parties-field-name = Name
parties-field-phone = Phone
parties-field-wechat = WeChat
parties-field-email = Mail
parties-field-address = Address
parties-field-vip = Membership
parties-field-note = Note
parties-field-consent = May be contacted
parties-field-external-id = External number
parties-field-reason = Reason

field-phone-unknown = No telephone number; you typed { $now } digits. Give a mobile number or a landline with its area code
field-email = Give a mail address, like name@example.com
