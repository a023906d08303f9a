"""What a page says while somebody types, in a real browser; and the same pages without scripts."""

import re

import pytest
from houses import EMPLOYERS, House, People, log_in
from playwright.sync_api import Page, Route, expect
from test_looks import faults_here
from thumbs import Thumb, apply

pytestmark = pytest.mark.browser

READ = "18,000.00 元（人民币壹万捌仟元整）"
AMOUNT = re.compile("多少元")
SCRIPTS = pytest.mark.parametrize("javascript", [True], ids=["with-javascript"])


def at_amount(page: Page, phone: str) -> Page:
    apply(Thumb(page), phone, upto="amount")
    return page


def test_an_amount_is_said_back_while_it_is_typed_and_is_read_the_same_without(
    people: People, javascript: bool
) -> None:
    page = at_amount(people.person(), "13812370001" if javascript else "13812370002")
    field, line = page.get_by_label(AMOUNT), page.locator(".echo")
    field.press_sequentially("一万八")
    if javascript:
        expect(line).to_have_text(READ)
        assert line.get_attribute("aria-live") == "polite"
        field.press_sequentially("百")
        expect(line).to_have_text("")
        field.fill("说不准")
        page.wait_for_timeout(1500)
        expect(line).to_have_text("")
        field.fill("1.8万")
        expect(line).to_have_text(READ)
        assert faults_here(page, "amount") == []
        page.goto("/apply/amount?lang=en")
        page.get_by_label(re.compile("in yuan")).fill("1.8万")
        expect(page.locator(".echo")).to_have_text("18,000.00 yuan")
        assert faults_here(page, "amount in English") == []
        page.goto("/apply/amount?lang=zh")
        page.get_by_label(AMOUNT).fill("一万八")
    else:
        expect(line).to_have_text("")
    Thumb(page).next()
    expect(page).to_have_url(re.compile("/apply/story"))
    page.goto("/apply/amount")
    expect(page.get_by_label(AMOUNT)).to_have_value("18000")
    expect(page.locator(".echo")).to_have_text(READ if javascript else "")


@SCRIPTS
def test_where_nothing_answers_nothing_is_said_and_the_page_goes_on(people: People) -> None:
    page = at_amount(people.person(), "13812370003")
    tried: list[str] = []

    def broken(route: Route) -> None:
        tried.append(route.request.url)
        route.abort("connectionreset")

    page.route("**/apply/read-amount*", broken)
    page.get_by_label(AMOUNT).press_sequentially("18000", delay=50)
    page.wait_for_timeout(1500)
    assert len(tried) == 1, "one question for five keys"
    expect(page.locator(".echo")).to_have_text("")
    Thumb(page).next()
    expect(page).to_have_url(re.compile("/apply/story"))


@SCRIPTS
def test_sums_and_calls_say_amounts_back_too(people: People, house: House) -> None:
    page = people.person()
    page.goto("/calculate?kind=overtime")
    page.locator("#wage").fill("一万八")
    expect(page.locator("#wage-echo")).to_have_text(READ)
    assert faults_here(page, "sum") == []
    staff = people.person(width=1280)
    log_in(staff, house, "clerk")
    staff.goto("/desk/oral")
    staff.get_by_label("欠工资", exact=True).check()
    staff.locator("[id='amount.wages']").fill("一万八")
    expect(staff.locator("[id='amount.wages-echo']")).to_have_text(READ)
    assert faults_here(staff, "oral") == []


def offered(page: Page, field: str) -> list[str]:
    found: list[str] = page.locator(f"[id='{field}-list'] option").evaluate_all(
        "all => all.map(one => one.value)"
    )
    return found


def test_employers_are_suggested_and_any_other_may_be_typed(people: People, javascript: bool) -> None:
    page = people.person()
    thumb = Thumb(page)
    apply(thumb, "13812370004" if javascript else "13812370005", upto="employer")
    field = page.get_by_label(re.compile("老板的名字"))
    field.press_sequentially("餐饮")
    if javascript:
        expect(page.locator("#name-list option")).to_have_count(2)
        assert offered(page, "name") == EMPLOYERS[:2]
        assert faults_here(page, "employer") == []
        field.fill("没人叫这个")
        expect(page.locator("#name-list option")).to_have_count(0)
    else:
        assert offered(page, "name") == []
    field.fill("随便什么小店")
    thumb.next()
    expect(page).to_have_url(re.compile("/apply/place"))
    page.goto("/apply/employer")
    expect(field).to_have_value("随便什么小店")


@SCRIPTS
def test_employers_are_suggested_to_who_takes_a_call(people: People, house: House) -> None:
    page = people.person(width=1280)
    log_in(page, house, "clerk")
    page.goto("/desk/oral")
    page.locator("[id='employer.name']").press_sequentially("玄黄")
    expect(page.locator("[id='employer.name-list'] option")).to_have_count(1)
    assert offered(page, "employer.name") == EMPLOYERS[2:]
    assert faults_here(page, "oral") == []
