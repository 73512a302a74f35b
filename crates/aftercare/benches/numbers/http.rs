//! A client that costs little: one connection that is kept, blocking, no more of HTTP than the program's answers need.

use std::io::{BufRead, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};

use anyhow::{Context as _, Result, bail};

pub struct Client {
    stream: BufReader<TcpStream>,
    token: String,
}

pub struct Answer {
    pub status: u16,
    /// As it came, compressed or not.
    pub body: Vec<u8>,
    /// Bytes of the head.
    pub head: usize,
}

impl Client {
    pub fn connect(address: SocketAddr, token: &str) -> Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        Ok(Self { stream: BufReader::new(stream), token: token.to_owned() })
    }

    pub fn get(&mut self, path: &str, encoding: &str) -> Result<Answer> {
        self.send(&format!(
            "GET {path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {}\r\naccept: text/html\r\naccept-encoding: {encoding}\r\n\r\n",
            self.token
        ))
    }

    pub fn post(&mut self, path: &str, body: &str) -> Result<Answer> {
        self.send(&format!(
            "POST {path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {}\r\naccept: application/json\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            self.token,
            body.len()
        ))
    }

    fn send(&mut self, request: &str) -> Result<Answer> {
        self.stream.get_mut().write_all(request.as_bytes())?;
        let (mut length, mut chunked, mut head) = (0, false, 0);
        let mut line = self.line(&mut head)?;
        let status = line.split(' ').nth(1).and_then(|code| code.parse().ok()).context("no status line")?;
        loop {
            line = self.line(&mut head)?;
            let Some((name, value)) = line.split_once(':') else { break };
            if name.eq_ignore_ascii_case("content-length") {
                length = value.trim().parse()?;
            }
            chunked |= name.eq_ignore_ascii_case("transfer-encoding") && value.trim() == "chunked";
        }
        let mut body = Vec::new();
        if chunked {
            loop {
                let size = usize::from_str_radix(self.line(&mut 0)?.trim(), 16)?;
                self.take(&mut body, size)?;
                self.line(&mut 0)?;
                if size == 0 {
                    break;
                }
            }
        } else {
            self.take(&mut body, length)?;
        }
        Ok(Answer { status, body, head })
    }

    fn take(&mut self, body: &mut Vec<u8>, size: usize) -> Result<()> {
        let read = (&mut self.stream).take(u64::try_from(size)?).read_to_end(body)?;
        if read < size { bail!("the answer ends early") } else { Ok(()) }
    }

    fn line(&mut self, head: &mut usize) -> Result<String> {
        let mut line = String::new();
        *head += self.stream.read_line(&mut line)?;
        if line.is_empty() {
            bail!("the connection was closed");
        }
        Ok(line.trim_end().to_owned())
    }
}
