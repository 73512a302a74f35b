//! By which way a reply reaches the customer.

use kernel::words;

use super::words::Channel;

words! {
    /// By which way a reply goes (回复方式).
    pub enum Way {
        /// A text message with a link (短信).
        Sms = "sms",
        /// A mail (邮件).
        Mail = "mail",
        /// Into the conversation in a chat tool or shop (对话).
        Chat = "chat",
        /// Somebody calls and says it (电话回复).
        Call = "call",
        /// A printed letter (打印信函).
        Letter = "letter",
        /// On the progress page only, when the customer looks (进度页).
        Page = "page",
    }
}

/// What is known of how a customer can be reached.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Reach {
    /// The conversation in which the case came can be answered.
    pub chat: bool,
    /// There is a mobile number and links can be sent.
    pub mobile: bool,
    /// There is a mail address and mail can be sent.
    pub mail: bool,
    /// There is a telephone of any kind.
    pub phone: bool,
    /// The case came on paper.
    pub paper: bool,
}

impl Reach {
    /// Whether a reply can go by `way`. Paper and the progress page are always there.
    pub const fn has(self, way: Way) -> bool {
        match way {
            Way::Sms => self.mobile,
            Way::Mail => self.mail,
            Way::Chat => self.chat,
            Way::Call => self.phone,
            Way::Letter | Way::Page => true,
        }
    }

    /// The way by which the customer came to us, or the next best; `None` when nothing that is known reaches the customer. The one
    /// place that chooses.
    pub fn usual(self, came: Channel) -> Option<Way> {
        let order: &[Way] = match came {
            Channel::Api => &[Way::Chat, Way::Sms, Way::Mail, Way::Call],
            Channel::Mail => &[Way::Mail, Way::Sms, Way::Call],
            Channel::Phone => &[Way::Sms, Way::Call, Way::Mail],
            Channel::Counter if self.paper => &[Way::Sms, Way::Mail, Way::Call],
            Channel::Counter | Channel::Web | Channel::Qr | Channel::Import => &[Way::Sms, Way::Mail],
        };
        order.iter().copied().find(|way| self.has(*way))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reply_goes_back_the_way_the_customer_came() {
        let all = Reach { chat: true, mobile: true, mail: true, phone: true, paper: false };
        assert_eq!(all.usual(Channel::Api), Some(Way::Chat));
        assert_eq!(all.usual(Channel::Mail), Some(Way::Mail));
        assert_eq!(all.usual(Channel::Phone), Some(Way::Sms));
        assert_eq!(all.usual(Channel::Counter), Some(Way::Sms));
        let landline = Reach { phone: true, ..Reach::default() };
        assert_eq!(landline.usual(Channel::Phone), Some(Way::Call), "a landline takes no text");
        assert_eq!(landline.usual(Channel::Web), None, "nobody is rung up because of a form");
        assert_eq!(Reach { paper: true, ..landline }.usual(Channel::Counter), Some(Way::Call));
        for way in Channel::ALL.iter().copied() {
            assert_eq!(Reach::default().usual(way), None, "nothing is known, so somebody has to decide");
            if let Some(way) = all.usual(way) {
                assert!(all.has(way));
            }
        }
    }
}
