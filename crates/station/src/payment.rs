//! Paying for an order here: the center is asked for the payment code, and the code is drawn. Nothing of it is kept; that the money
//! came, the feed says.
use crate::core::Core;
use crate::trouble::Trouble;
use domain::OrderState;
use fast_qr::QRBuilder;
use ipc::PaymentView;
use sync::failure::Failure;
use sync::request::Request;
use wire::problem::Code;

impl Core {
    /// The code an order of this station is paid with, while it waits for its money.
    pub fn payment_code(&self, id: &str) -> Result<PaymentView, Trouble> {
        let order = self.stored_order(id)?.order;
        if order.state != OrderState::PendingPayment {
            return Err(Trouble::NotPayable);
        }
        let raw = self.ask(|signer| Request::payment(signer, &order.id))?;
        let code = sync::answer::payment(&raw).map_err(|failure| match failure {
            Failure::Refused(problem) => match problem.code {
                Code::NotFound => Trouble::OnItsWay,
                Code::StateForbidden => Trouble::NotPayable,
                _ if problem.retry => Trouble::PaymentAway,
                _ => Trouble::BadAnswer,
            },
            _ => Trouble::BadAnswer,
        })?;
        let drawn = QRBuilder::new(code.code_url.as_str())
            .build()
            .map_err(|_| Trouble::BadAnswer)?;
        let dark = (0..drawn.size)
            .flat_map(|row| drawn[row].iter().map(|module| if module.value() { '1' } else { '0' }))
            .collect();
        Ok(PaymentView {
            modules: u32::try_from(drawn.size).unwrap_or(u32::MAX),
            dark,
            amount_fen: code.amount_fen,
            expires_at_ms: code.expires_at_ms,
        })
    }
}
