//! What spreadsheets do to values, and what comes of it.
use crate::csv;
use crate::files::id_number;
use expect_test::{Expect, expect};

fn check(text: &str, expected: Expect) {
    expected.assert_eq(&csv(text));
}

#[test]
fn a_good_row_comes_in_whole() {
    check(
        &format!(
            "学号,姓名,性别,身份证号,考生号,学校代码,院系,专业,层次,学制,班级,入学年份,毕业年份,手机号,备注\n\
             20260001,张三,1,{},26430102110001,10533,信息学院,软件工程,本科,4,软件（1）班,2026,2030,13800000000,住校\n",
            id_number(1)
        ),
        expect![[r#"
            2: name=张三 sex=男 id_number=43010220080101001X student_number=20260001 exam_number=26430102110001 school_code=10533 faculty=信息学院 major=软件工程 level=本科 years=4 class=软件（1）班 entry_year=2026 graduation_year=2030 phone=13800000000
        "#]],
    );
}

#[test]
fn mangled_numbers_are_dropped_and_never_guessed() {
    check(
        &format!(
            "学号,姓名,身份证号,手机号\n\
             1,赵一,4.30102E+17,1.38E+10\n\
             2,钱二,430102200801010000,\n\
             3,孙三,4.301022008e+17,\n\
             4,李四,430102200801010011.0,\n\
             ,周五,4.30102E+17,\n\
             20260006.0,吴六,{},\n\
             2.026E+15,郑七,{},\n",
            id_number(6),
            id_number(7)
        ),
        expect![[r#"
            2: name=赵一 student_number=1
            3: name=钱二 student_number=2
            4: name=孙三 student_number=3
            5: name=李四 student_number=4
            7: name=吴六 id_number=430102200801010060 student_number=20260006
            8: name=郑七 id_number=430102200801010079
            ! 2 身份证号 IdMangled ValueDropped 4.*****E+17
            ! 2 手机号 NumberMangled ValueDropped 1.3*E+10
            ! 3 身份证号 IdMangled ValueDropped 430102********0000
            ! 4 身份证号 IdMangled ValueDropped 4.3010*****e+17
            ! 5 身份证号 IdMangled ValueDropped 430102**********11.0
            ! 6 身份证号 IdMangled ValueDropped 4.*****E+17
            ! 6 - NoKey RowRefused -
            ! 8 学号 NumberMangled ValueDropped 2.***E+15
        "#]],
    );
}

#[test]
fn an_id_that_ends_in_zeros_is_trusted_only_in_a_column_nobody_rounded() {
    // 430102200801011000 holds by the check digit, and is what rounding could have left.
    let by_chance = (0..366)
        .map(|day| format!("43010220080{}{:02}", day / 28 % 9 + 1, day % 28 + 1))
        .find_map(|head| {
            let id = format!("{}1000", head.get(..14)?);
            domain::id_number::IdNumber::parse(&id).ok().map(|_| id)
        });
    let by_chance = by_chance.unwrap();
    let alone = csv(&format!("学号,姓名,身份证号\n1,赵一,{by_chance}\n"));
    assert!(alone.contains(&by_chance) && !alone.contains('!'), "{alone}");
    let beside = csv(&format!("学号,姓名,身份证号\n1,赵一,{by_chance}\n2,钱二,4.30102E+17\n"));
    assert!(
        !beside.contains(&by_chance) && beside.contains("! 2 身份证号 IdMangled ValueDropped"),
        "{beside}"
    );
}

#[test]
fn quotes_blanks_and_wide_digits_come_off() {
    check(
        &format!(
            "学号,姓名,身份证号,手机号\n\
             '20260001, 张　三 ,\"=\"\"{}\"\"\",１３８ ００００ ００００\n\
             \u{202D}20260002\u{202C},\u{A0}阿依古丽·买买提\u{A0},{}\u{A0},138-0000-0000\n\
             20260003,Anna  Maria Ivanova,e12345678,+86 138 0000 0000\n",
            id_number(1),
            id_number(2).to_lowercase()
        ),
        expect![[r#"
            2: name=张三 id_number=43010220080101001X student_number=20260001 phone=13800000000
            3: name=阿依古丽·买买提 id_number=430102200801010028 student_number=20260002 phone=138-0000-0000
            4: name=Anna Maria Ivanova id_number=E12345678 student_number=20260003 phone=+8613800000000
        "#]],
    );
}

#[test]
fn a_bad_check_digit_never_blocks() {
    let wrong = |id: String| format!("{}{}", &id[..17], if id.ends_with('1') { '2' } else { '1' });
    check(
        &format!(
            "姓名,身份证号\n赵一,{}\n钱二,430102200813010010\n孙三,H12345678\n李四,43010220080101001\n周五,430102800101001\n吴六,见附件\n",
            wrong(id_number(1))
        ),
        expect![[r#"
            2: name=赵一 id_number=430102200801010011
            3: name=钱二 id_number=430102200813010010
            4: name=孙三 id_number=H12345678
            5: name=李四 id_number=43010220080101001
            6: name=周五 id_number=430102800101001
            ! 2 身份证号 IdCheckDigit Kept 430102********0011
            ! 3 身份证号 IdBirthDate Kept 430102********0010
            ! 5 身份证号 IdForm Kept 430102*******1001
            ! 7 身份证号 IdForm ValueDropped *附件
            ! 7 - NoKey RowRefused -
        "#]],
    );
}

#[test]
fn lost_characters_are_told() {
    check(
        "学号,姓名,学院\n1,张?,信息\n2,王\u{FFFD},信息\n3,\u{E863}明,信息\n4,锟斤拷,信息\n5,ÕÅÈý,信息\n6,寮犱笁,信息\n7,欧阳?明,?学院\n?8,陈八,信息\n9,李娜,信息\n",
        expect![[r#"
            2: name=张? student_number=1 faculty=信息
            3: name=王� student_number=2 faculty=信息
            4: name=明 student_number=3 faculty=信息
            5: name=锟斤拷 student_number=4 faculty=信息
            6: name=ÕÅÈý student_number=5 faculty=信息
            7: name=寮犱笁 student_number=6 faculty=信息
            8: name=欧阳?明 student_number=7 faculty=?学院
            10: name=李娜 student_number=9 faculty=信息
            ! 2 姓名 LostCharacters Kept 张*
            ! 3 姓名 LostCharacters Kept 王*
            ! 4 姓名 LostCharacters Kept *
            ! 5 姓名 LostCharacters Kept 锟**
            ! 6 姓名 LostCharacters Kept Õ***
            ! 7 姓名 LostCharacters Kept 寮**
            ! 8 姓名 LostCharacters Kept 欧***
            ! 8 学院 LostCharacters Kept *学院
            ! 9 学号 LostCharacters ValueDropped ?8
            ! 9 - NoKey RowRefused -
        "#]],
    );
}

#[test]
fn formulas_controls_and_long_texts_are_told() {
    check(
        &format!(
            "学号,姓名,学院,班级\n\
             1,\"=HYPERLINK(\"\"http://x\"\",\"\"点我\"\")\",信息,一班\n\
             2,张三,=cmd|' /C calc'!A0,一班\n\
             3,李\u{7}四,信息,一班\n\
             4,{},信息,一班\n\
             5,王五,{},一班\n\
             6,\"赵\n六\",信息,一班\n\
             7,-,信息,+\n",
            "长".repeat(101),
            "长".repeat(201)
        ),
        expect![[r#"
            3: name=张三 student_number=2 class=一班
            4: name=李四 student_number=3 faculty=信息 class=一班
            6: name=王五 student_number=5 class=一班
            7: name=赵六 student_number=6 faculty=信息 class=一班
            8: name=- student_number=7 faculty=信息 class=+
            ! 2 姓名 FormulaText ValueDropped =**************************
            ! 2 - EmptyName RowRefused -
            ! 3 学院 FormulaText ValueDropped =cmd|'********'!A0
            ! 4 姓名 ControlCharacters Kept 李*
            ! 5 姓名 TooLong ValueDropped 长***************************************
            ! 5 - EmptyName RowRefused -
            ! 6 学院 TooLong ValueDropped 长长长长长长******************************长长长长
        "#]],
    );
}

#[test]
fn duplicates_are_told_and_a_key_is_taken_once() {
    let (a, b) = (id_number(1), id_number(2));
    check(
        &format!("学号,姓名,身份证号\n1,赵一,{a}\n2,钱二,{b}\n1,赵一,{a}\n1,孙三,\n5,赵一,{a}\n,李四,\n,,\n8,,{b}\n"),
        expect![[r#"
            2: name=赵一 id_number=43010220080101001X student_number=1
            3: name=钱二 id_number=430102200801010028 student_number=2
            6: name=赵一 id_number=43010220080101001X student_number=5
            ! 4 - DuplicateRow { first_row: 2 } RowRefused -
            ! 5 - DuplicateKey { first_row: 2 } RowRefused -
            ! 6 身份证号 DuplicateId { first_row: 2 } Kept 430102********001X
            ! 7 - NoKey RowRefused -
            ! 9 - EmptyName RowRefused -
        "#]],
    );
}

#[test]
fn shifted_and_repeated_lines_are_refused() {
    check(
        "\n说明：本表由教务处导出,,,\n学号,姓名,学院\n1,赵一,信息\n\n学号,姓名,学院\n2,钱二,信息学院,二部\n3,孙三\n合计,2人,\n",
        expect![[r#"
            4: name=赵一 student_number=1 faculty=信息
            8: name=孙三 student_number=3
            ! 6 - RepeatedHeader RowRefused -
            ! 7 - ColumnsDoNotFit RowRefused -
            ! 9 学号 NumberForm ValueDropped 合计
            ! 9 - NoKey RowRefused -
        "#]],
    );
}
