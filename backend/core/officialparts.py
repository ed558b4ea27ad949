"""The parts of an official document beside its text: page, styles, fonts, page numbers (GB/T 9704-2012)."""
SONG_TITLE, SONG, FANG, HEI, KAI = "方正小标宋简体", "宋体", "仿宋", "黑体", "楷体"
FONTS = {
    SONG_TITLE: "小标宋体,方正小标宋_GBK,华文中宋,STZhongsong", SONG: "SimSun", FANG: "仿宋_GB2312,FangSong,STFangsong",
    HEI: "SimHei", KAI: "楷体_GB2312,KaiTi,STKaiti",
}
"""The fonts of official documents, each with the names of those that stand in for it."""
WIDTH, LINE = 8845, 579
"""The type area's width and the pitch of its lines, in twentieths of a point: 22 of them are 225 mm."""
NARROWED = -5
"""Between the letters of the body, so that 28 of 16 points go into a line of 156 mm: said letter by letter, since
LibreOffice makes something else of a grid of characters."""
RED = "E60012"

XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
WORDS = f'xmlns:w="{MAIN}"'
NAMES = (
    f'{WORDS} xmlns:r="{OFFICE}" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'
)
SECTION = (
    '<w:sectPr><w:footerReference w:type="default" r:id="rIdF1"/><w:footerReference w:type="even" r:id="rIdF2"/>'
    '<w:pgSz w:w="11906" w:h="16838"/>'
    '<w:pgMar w:top="2098" w:right="1474" w:bottom="1984" w:left="1587" w:header="851" w:footer="1247" w:gutter="0"/>'
    f'<w:docGrid w:type="lines" w:linePitch="{LINE}"/></w:sectPr>'
)


def _face(font: str, half_points: int, more: str = "") -> str:
    return (
        f'<w:rPr><w:rFonts w:ascii="{font}" w:hAnsi="{font}" w:eastAsia="{font}" w:cs="{font}"/>{more}'
        f'<w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/></w:rPr>'
    )


def _exact(pitch: int, before: int = 0, after: int = 0) -> str:
    return f'<w:spacing w:before="{before}" w:after="{after}" w:line="{pitch}" w:lineRule="exact"/>'


_INDENT = '<w:ind w:firstLineChars="200" w:firstLine="632"/>'
_CENTRE, _BOTH, _RIGHT = (f'<w:jc w:val="{where}"/>' for where in ("center", "both", "right"))
_RULE = f'<w:pBdr><w:bottom w:val="single" w:sz="18" w:space="11" w:color="{RED}"/></w:pBdr>'
_NARROW = f'<w:spacing w:val="{NARROWED}"/>'
_STYLES = (
    ("Body", "正文段落", '<w:widowControl w:val="0"/>' + _exact(LINE) + _INDENT + _BOTH,
     _face(FANG, 32, _NARROW)),
    ("Addressee", "主送机关", _exact(LINE), _face(FANG, 32, _NARROW)),
    ("Masthead", "发文机关标志", _exact(900, before=1400) + _CENTRE,
     _face(SONG_TITLE, 72, f'<w:color w:val="{RED}"/>')),
    ("Number", "发文字号", _RULE + _exact(LINE, before=LINE, after=LINE) + _CENTRE, _face(FANG, 32)),
    ("Heading", "公文标题", _exact(700, after=LINE) + _CENTRE, _face(SONG_TITLE, 44)),
    ("Heading1", "一级标题", "<w:keepNext/>" + _exact(LINE) + _INDENT + '<w:outlineLvl w:val="0"/>', _face(HEI, 32)),
    ("Heading2", "二级标题", "<w:keepNext/>" + _exact(LINE) + _INDENT + '<w:outlineLvl w:val="1"/>', _face(KAI, 32)),
    ("Caption", "表题", "<w:keepNext/>" + _exact(LINE, before=120) + _CENTRE, _face(HEI, 24)),
    ("Remark", "附注", '<w:keepNext/><w:snapToGrid w:val="0"/><w:spacing w:before="60" w:after="120"/>' + _BOTH,
     _face(FANG, 24)),
    ("Cell", "表格", '<w:snapToGrid w:val="0"/><w:spacing w:before="20" w:after="20"/>', _face(FANG, 21)),
    ("CellHeading", "表头", '<w:snapToGrid w:val="0"/><w:spacing w:before="40" w:after="40"/>', _face(HEI, 21)),
    ("Figure", "图", '<w:keepNext/><w:snapToGrid w:val="0"/><w:spacing w:before="120" w:after="60"/>' + _CENTRE,
     _face(SONG, 24)),
    ("Signed", "署名", "<w:keepLines/>" + _exact(LINE) + '<w:ind w:rightChars="200" w:right="632"/>' + _RIGHT,
     _face(FANG, 32)),
    ("Imprint", "版记", '<w:tabs><w:tab w:val="right" w:pos="8420"/></w:tabs>'
     '<w:spacing w:before="40" w:after="40"/><w:ind w:left="316" w:right="316"/>', _face(FANG, 28)),
    ("PageOdd", "页码（单）", '<w:ind w:right="280"/><w:jc w:val="right"/>', _face(SONG, 28)),
    ("PageEven", "页码（双）", '<w:ind w:left="280"/>', _face(SONG, 28)),
)
_GRID = "".join(
    f'<w:{edge} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
    for edge in ("top", "left", "bottom", "right", "insideH", "insideV")
)


def style_sheet() -> str:
    """The styles: Chinese and Latin letters in the same declared fonts."""
    made = "".join(
        f'<w:style w:type="paragraph" w:customStyle="1" w:styleId="{key}"><w:name w:val="{name}"/>'
        f'<w:basedOn w:val="Normal"/><w:pPr>{layout}</w:pPr>{face}</w:style>'
        for key, name, layout, face in _STYLES
    )
    language = '<w:lang w:val="zh-CN" w:eastAsia="zh-CN"/></w:rPr>'
    return (
        f'<w:styles {WORDS}><w:docDefaults><w:rPrDefault>{_face(FANG, 32).replace("</w:rPr>", language)}'
        '</w:rPrDefault><w:pPrDefault/></w:docDefaults><w:style w:type="paragraph" w:default="1" w:styleId="Normal">'
        '<w:name w:val="Normal"/></w:style><w:style w:type="table" w:styleId="Grid"><w:name w:val="Table Grid"/>'
        f'<w:tblPr><w:tblBorders>{_GRID}</w:tblBorders><w:tblCellMar><w:left w:w="57" w:type="dxa"/>'
        f'<w:right w:w="57" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>{made}</w:styles>'
    )


def footer(style: str) -> str:
    """The number of the page between dashes."""
    field = (
        '<w:r><w:t xml:space="preserve">— </w:t></w:r><w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        '<w:r><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/>'
        '</w:r><w:r><w:t>1</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
        '<w:r><w:t xml:space="preserve"> —</w:t></w:r>'
    )
    return f'<w:ftr {NAMES}><w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{field}</w:p></w:ftr>'


def fonts() -> str:
    """The table of fonts with the names of those that may stand in."""
    told = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{others}"/><w:charset w:val="86"/><w:family w:val="auto"/></w:font>'
        for name, others in FONTS.items()
    )
    return f"<w:fonts {WORDS}>{told}</w:fonts>"
