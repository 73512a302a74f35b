//! The closed vocabularies of facts and answers. Words are those of the case file.

/// Declares an enum whose values are written as words.
macro_rules! words {
    ($(#[$about:meta])* $name:ident { $($(#[$value_about:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $name { $($(#[$value_about])* #[serde(rename = $word)] $variant),+ }

        impl $name {
            /// All values in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// The value of a word.
            pub fn parse(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)+ _ => None }
            }

            /// Its place in a set of such words, as a single bit.
            pub fn bit(self) -> u32 {
                1 << self as u32
            }
        }
    };
}

pub(crate) use words;

words! {
    /// Where it was bought.
    Channel { Store = "store", Online = "online", Tv = "tv", Phone = "phone", Mail = "mail", Doorstep = "doorstep" }
}
words! {
    /// How grave the fault is.
    Fault {
        /// Nothing is wrong with the goods.
        None = "none",
        /// A quality problem outside the fault table.
        Minor = "minor",
        /// A fault of the rule's fault table, or a stated function is lost.
        Performance = "performance",
        /// The purpose is defeated, or it is unsafe.
        Serious = "serious",
    }
}
words! {
    /// What caused the fault.
    Cause {
        /// No fault, no cause.
        None = "none",
        /// The product itself.
        Product = "product",
        /// Disputed.
        Unknown = "unknown",
        /// Wrong use, transport or storage by the customer.
        Misuse = "misuse",
        /// Opened or repaired by somebody who was not authorised, and that did this damage.
        ForeignRepair = "foreign_repair",
        /// Force majeure.
        ForceMajeure = "force_majeure",
        /// The voucher was altered.
        AlteredVoucher = "altered_voucher",
        /// Voucher and goods do not belong together.
        ModelMismatch = "model_mismatch",
        /// A computer virus.
        Virus = "virus",
        /// Pirated software.
        PiratedSoftware = "pirated_software",
    }
}
words! {
    /// How the sale can be shown.
    Proof {
        /// Invoice or receipt.
        Yes = "yes",
        /// The paper is lost, the sale is proved otherwise; the shop's own record is enough.
        Provable = "provable",
        /// Nothing but the serial number.
        SerialOnly = "serial_only",
        /// Nothing at all.
        No = "no",
    }
}
words! {
    /// In what condition the goods come back.
    Condition {
        Intact = "intact", OpenedInspected = "opened_inspected", MissingGift = "missing_gift", UsedTrace = "used_trace",
        Activated = "activated", LabelTampered = "label_tampered", SealBroken = "seal_broken", TagRemoved = "tag_removed",
        Damaged = "damaged", MissingAccessory = "missing_accessory",
    }
}
words! {
    /// Whether the goods may be kept out of returns without a reason.
    Exception {
        None = "none",
        /// Made to order.
        Custom = "custom",
        /// Fresh or perishable.
        Fresh = "fresh",
        /// Downloaded or opened media and software.
        DigitalOpened = "digital_opened",
        /// Delivered papers and magazines.
        Periodical = "periodical",
        /// May be kept out, and the customer confirmed it at this purchase.
        ConfirmableConfirmed = "confirmable_confirmed",
        /// May be kept out, but no confirmation is on record.
        ConfirmableUnconfirmed = "confirmable_unconfirmed",
    }
}
words! {
    /// Yes or no.
    YesNo { Yes = "yes", No = "no" }
}
words! {
    /// Findings that come before everything else.
    Special {
        None = "none",
        /// An authority found the goods substandard.
        AuthorityUnqualified = "authority_unqualified",
        /// The customer was deceived.
        Fraud = "fraud",
        /// A defect that endangers people or property.
        Danger = "danger",
    }
}
words! {
    /// What happened to a car.
    CarEvent {
        Ordinary = "ordinary", PowertrainFault = "powertrain_fault", SteeringFailure = "steering_failure", BrakeFailure = "brake_failure",
        BodyCrack = "body_crack", FuelLeak = "fuel_leak", BatteryFire = "battery_fire", SeriousSafety = "serious_safety",
        AssemblyReplaced = "assembly_replaced", SamePartReplaced = "same_part_replaced", RepairTime = "repair_time",
        SameProblem = "same_problem",
    }
}
words! {
    /// What kind of thing the faulty component is.
    ComponentKind { Whole = "whole", MainPart = "main_part", Accessory = "accessory", Software = "software", OtherPart = "other_part" }
}
words! {
    /// What the customer may ask for.
    Remedy {
        RefundFull = "REFUND_FULL",
        /// Return of a distance purchase without a reason.
        NoReasonReturn = "NO_REASON_RETURN",
        Exchange = "EXCHANGE",
        /// The model is gone: another one.
        ExchangeOther = "EXCHANGE_OTHER",
        /// Money back less depreciation or usage.
        RefundLessFee = "REFUND_LESS_FEE",
        ExchangeLessFee = "EXCHANGE_LESS_FEE",
        ExchangeOtherLessFee = "EXCHANGE_OTHER_LESS_FEE",
        /// The powertrain assembly of a car.
        AssemblyReplace = "ASSEMBLY_REPLACE",
        PartRefund = "PART_REFUND",
        PartExchange = "PART_EXCHANGE",
        Repair = "REPAIR",
        PartRepair = "PART_REPAIR",
        PaidRepair = "PAID_REPAIR",
        Inspection = "INSPECTION",
        /// A lawyer or a person at headquarters decides.
        LegalReview = "LEGAL_REVIEW",
        None = "NONE",
    }
}
words! {
    /// What is owed or to be kept in mind beside the remedy, in the order in which it is listed.
    Extra {
        /// A spare unit or travel money while it is repaired.
        Loaner = "LOANER",
        /// The seller proves that there was no flaw.
        BurdenSeller = "BURDEN_SELLER",
        /// The customer pays the way back.
        FreightCustomer = "FREIGHT_CUSTOMER",
        /// A missing gift is paid at its marked price.
        GiftDeduct = "GIFT_DEDUCT",
        /// Losses are made good (cars: registration, fittings less wear, service fees).
        LossComp = "LOSS_COMP",
        /// Local rules may give more.
        LocalCheck = "LOCAL_CHECK",
    }
}
words! {
    /// A fact that a verdict rests on, in the order in which facts are asked for; the names of the case file's columns.
    FactName {
        ClaimDate = "claim_date", Category = "category", Fault = "fault", Bought = "bought", Channel = "channel", Received = "received",
        Cause = "cause", Component = "component", RepairsDone = "repairs_done", HasReceipt = "has_receipt",
        SameModel = "same_model", CarEvent = "car_event", Km = "km", OpenRepairDays = "open_repair_days",
        PartsWaitDays = "parts_wait_days", DaysInRepair = "days_in_repair", Installed = "installed",
        ExchangedOn = "exchanged_on", PartReplacedOn = "part_replaced_on", FactoryDate = "factory_date",
        Condition = "condition", Exception = "exception", Special = "special", PriceFen = "price_fen",
        NPer100k = "n_per_100k",
    }
}
words! {
    /// How sure the text of a rule is.
    Confidence {
        /// From memory: a person confirms before it is held against a customer.
        Low = "low",
        /// Secondary source or plain inference.
        Medium = "medium",
        /// The rule's own text was read.
        High = "high",
    }
}
words! {
    /// Who gives a remedy. Each layer adds, none takes away.
    Layer {
        Law = "law",
        /// 厂家承诺
        Maker = "maker",
        /// 销售约定
        Contract = "contract",
        /// 平台规则
        Platform = "platform",
        /// 延保
        ExtendedWarranty = "extended_warranty",
        /// 店规
        Policy = "policy",
    }
}
words! {
    /// When a rule is looked at. The order is the order of evaluation.
    Phase {
        /// Special facts, and whether a fault is claimed at all.
        Finding = "finding",
        /// Causes that exclude, disputes about the cause.
        Excluded = "excluded",
        /// What is open because of the fault.
        Remedy = "remedy",
        /// What may be had instead of an exchange.
        Substitute = "substitute",
        /// Other names for the same, when the model is gone.
        Relabel = "relabel",
        /// What is left when nothing free is open.
        Fallback = "fallback",
        /// Return without a reason.
        Distance = "distance",
        /// What is owed beside it.
        Extra = "extra",
        /// What only a person can decide.
        Doubt = "doubt",
    }
}

/// A set of facts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FactSet(u32);

impl FactSet {
    /// No facts.
    pub const EMPTY: Self = Self(0);

    /// One fact.
    pub fn of(fact: FactName) -> Self {
        Self(fact.bit())
    }
    /// Both sets.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
    /// Whether it holds nothing.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }
    /// Whether it holds `fact`.
    pub fn has(self, fact: FactName) -> bool {
        self.0 & fact.bit() != 0
    }
    /// The facts in the order in which they are asked.
    pub fn iter(self) -> impl Iterator<Item = FactName> {
        FactName::ALL.iter().copied().filter(move |fact| self.has(*fact))
    }
}

impl serde::Serialize for FactSet {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}
