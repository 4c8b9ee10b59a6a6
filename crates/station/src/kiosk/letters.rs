//! Chinese for a finger: which characters have a reading? The kiosk has no keyboard and no input method of the system.
use encoding_rs::GBK;
use pinyin::ToPinyinMulti;
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// Most characters of an answer.
const MAX_CHARACTERS: usize = 80;
/// Longest reading, as `zhuang`.
const MAX_LETTERS: usize = 6;
/// Characters that are written most, most first: those of addresses, then those of any text.
const COMMON: &str = "省市区县镇乡村路街道号楼室栋院单元门弄巷层座大学中心小校园宿舍公寓花广场东西南北湖河江山海岛州京沪津渝川\
    长安沙湘陕粤桂云贵浙苏皖赣闽鲁冀晋豫鄂琼吉辽黑蒙宁夏青甘藏新疆台港澳的一是了我不人在他有这个上们来到时为子\
    说你要就去也会着没看好自己可以用能下过得还得里后天家老师同想请问照片审核订多久退款重拍什么候怎样电话姓名班级专业系手机改对\
    错谢再给寄送快递地址收件";

type Readings = BTreeMap<String, Vec<char>>;

/// The characters read like this, the usual ones first; for `zho` those of `zhong` and the like. Empty when no reading begins so.
pub fn characters(reading: &str) -> String {
    let typed = reading.trim().to_ascii_lowercase();
    if typed.is_empty() || typed.len() > MAX_LETTERS || !typed.bytes().all(|b| b.is_ascii_lowercase()) {
        return String::new();
    }
    static READINGS: OnceLock<Readings> = OnceLock::new();
    let readings = READINGS.get_or_init(table);
    let exact = readings.get(&typed).into_iter().flatten().copied();
    let begun = readings
        .range(typed.clone()..)
        .take_while(|(r, _)| r.starts_with(&typed));
    let begun = begun
        .filter(|(r, _)| **r != typed)
        .flat_map(|(_, all)| all.iter().copied());
    let mut begun: Vec<char> = begun.collect();
    begun.sort_by_key(|c| rank(*c));
    let mut seen = std::collections::BTreeSet::new();
    exact
        .chain(begun)
        .filter(|c| seen.insert(*c))
        .take(MAX_CHARACTERS)
        .collect()
}

/// The 3755 characters of GB 2312's first level, which is sorted by reading and holds what people write.
fn table() -> Readings {
    let mut readings = Readings::new();
    let cells = (0xB0_u8..=0xD7).flat_map(|row| (0xA1_u8..=0xFE).map(move |cell| [row, cell]));
    for pair in cells {
        let (text, _, is_broken) = GBK.decode(&pair);
        let Some(character) = text
            .chars()
            .next()
            .filter(|c| !is_broken && ('\u{4E00}'..='\u{9FFF}').contains(c))
        else {
            continue;
        };
        for sound in character.to_pinyin_multi().into_iter().flatten() {
            let all = readings.entry(sound.plain().replace('ü', "v")).or_default();
            if !all.contains(&character) {
                all.push(character);
            }
        }
    }
    for all in readings.values_mut() {
        all.sort_by_key(|c| rank(*c));
    }
    readings
}

/// Place among the common characters; the rest keep their order behind them.
fn rank(character: char) -> usize {
    COMMON.chars().position(|c| c == character).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::characters;

    #[test]
    fn a_reading_finds_its_characters() {
        assert!(characters("sheng").starts_with('省'));
        assert!(characters("lu").contains('路') && characters("lu").contains('麓'));
        assert!(characters("lv").contains('绿'));
        assert!(characters("zho").starts_with('中'));
        assert!(characters("Chang").contains('长') && characters("zhang").contains('长'));
        for nothing in ["", "xyz", "1", "路", "zhuangg"] {
            assert_eq!(characters(nothing), "", "{nothing}");
        }
    }
}
