//! Masked forms of what identifies a person; the screens' default.

/// `张三丰` → `张**`.
pub fn name(name: &str) -> String {
    let mut chars = name.chars();
    let Some(first) = chars.next() else {
        return String::new();
    };
    std::iter::once(first).chain(chars.map(|_| '*')).collect()
}

/// `430102200001011234` → `430102********1234`; shorter papers keep the last four at most.
pub fn id_number(number: &str) -> String {
    let chars: Vec<char> = number.chars().collect();
    let (head, tail) = match chars.len() {
        15.. => (6, 4),
        8..=14 => (2, 4),
        0..=7 => (0, chars.len().min(2)),
    };
    keep(&chars, head, tail)
}

/// `13812341234` → `138****1234`.
pub fn phone(number: &str) -> String {
    let chars: Vec<char> = number.chars().collect();
    if chars.len() < 8 {
        keep(&chars, 0, chars.len().min(2))
    } else {
        keep(&chars, 3, 4)
    }
}

/// `湖南省长沙市岳麓区麓山南路 932 号` → `湖南省长沙市*************`: a third and at most six characters stay.
pub fn address(address: &str) -> String {
    let chars: Vec<char> = address.chars().collect();
    keep(&chars, (chars.len() / 3).min(6), 0)
}

fn keep(chars: &[char], head: usize, tail: usize) -> String {
    let hidden = head..chars.len() - tail;
    chars
        .iter()
        .enumerate()
        .map(|(i, c)| if hidden.contains(&i) { '*' } else { *c })
        .collect()
}
