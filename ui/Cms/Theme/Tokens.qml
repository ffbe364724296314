import QtQuick

// Made from resources/theme/tokens.json by `python -m cms_desktop.theme`; change it there.
QtObject {
    id: tokens

    property bool dark: false
    property real scale: 1
    property bool lessMotion: false

    readonly property color ground: dark ? "#0C0F14" : "#F3F4F6"
    readonly property color surface: dark ? "#13171E" : "#FFFFFF"
    readonly property color sunken: dark ? "#080A0E" : "#E9EBEF"
    readonly property color hover: dark ? "#1B212A" : "#EBEDF1"
    readonly property color paper: dark ? "#181D26" : "#FFFFFF"
    readonly property color paperDeep: dark ? "#151A22" : "#F8F8F6"
    readonly property color ink: dark ? "#E7E9EE" : "#11151E"
    readonly property color inkSecondary: dark ? "#AEB5C2" : "#454D5C"
    readonly property color inkTertiary: dark ? "#8D95A4" : "#5E6675"
    readonly property color inkDisabled: dark ? "#848C9B" : "#626A79"
    readonly property color hairline: dark ? "#252B35" : "#DCDFE5"
    readonly property color hairlineStrong: dark ? "#3A4250" : "#C2C7D0"
    readonly property color controlBorder: dark ? "#6A7383" : "#858D9B"
    readonly property color accent: dark ? "#A3BBF7" : "#1C3B87"
    readonly property color accentHover: dark ? "#B9CBFA" : "#152F70"
    readonly property color accentPressed: dark ? "#8AA7F2" : "#0F2457"
    readonly property color accentInk: dark ? "#0A1430" : "#FFFFFF"
    readonly property color accentText: dark ? "#A9BFF8" : "#1C3B87"
    readonly property color accentTint: dark ? "#1A2542" : "#E7ECF7"
    readonly property color selection: dark ? "#1E2C52" : "#DDE5F5"
    readonly property color focus: dark ? "#7FA2FF" : "#2C62DA"
    readonly property color verified: dark ? "#A3BBF7" : "#1C3B87"
    readonly property color verifiedTint: dark ? "#1A2542" : "#E7ECF7"
    readonly property color verifiedInk: dark ? "#0A1430" : "#FFFFFF"
    readonly property color passed: dark ? "#A9BFF8" : "#1C3B87"
    readonly property color passedTint: dark ? "#1A2542" : "#E7ECF7"
    readonly property color failed: dark ? "#FF9E94" : "#9E1B16"
    readonly property color failedTint: dark ? "#3A1917" : "#FAE9E7"
    readonly property color failedInk: dark ? "#2A0806" : "#FFFFFF"
    readonly property color pending: dark ? "#EBBF67" : "#744A00"
    readonly property color pendingTint: dark ? "#30250F" : "#FAF0DB"
    readonly property color pendingMark: dark ? "#EBBF67" : "#B87A00"
    readonly property color notChecked: dark ? "#AEB5C2" : "#525A68"
    readonly property color notCheckedTint: dark ? "#20262F" : "#E9EBEF"
    readonly property color notApplicable: dark ? "#8D95A4" : "#5E6675"
    readonly property color notApplicableTint: dark ? "#13171E" : "#F3F4F6"
    readonly property color saved: dark ? "#82D1A1" : "#1B6238"
    readonly property color savedTint: dark ? "#11291B" : "#E3F2E8"
    readonly property color insert: dark ? "#B4C7FA" : "#1C3B87"
    readonly property color insertTint: dark ? "#1D2C55" : "#DFE7F8"
    readonly property color remove: dark ? "#FFA69D" : "#9E1B16"
    readonly property color removeTint: dark ? "#421C19" : "#FAE3E0"
    readonly property color scrim: dark ? "#9E000000" : "#7011151E"
    readonly property color danger: dark ? "#FF9E94" : "#9E1B16"
    readonly property color dangerHover: dark ? "#FFB4AC" : "#841410"
    readonly property color toast: dark ? "#E7E9EE" : "#1A202C"
    readonly property color toastInk: dark ? "#11151E" : "#F3F4F6"
    readonly property color toastAccentInk: dark ? "#1C3B87" : "#B4C6F5"
    readonly property color qrPaper: dark ? "#FFFFFF" : "#FFFFFF"
    readonly property color qrInk: dark ? "#000000" : "#000000"
    readonly property color transparent: "transparent"

    readonly property real radiusControl: 8
    readonly property real radiusCard: 8
    readonly property real radiusDialog: 8
    readonly property real radiusChip: 16
    readonly property real radiusBadge: 4
    readonly property real radiusPaper: 2
    readonly property real radiusFocusGap: 2
    readonly property real lineHairline: 1
    readonly property real lineStrong: 1
    readonly property real lineControl: 1
    readonly property real lineFocusRing: 2
    readonly property real lineActiveMarker: 2
    readonly property real lineBracket: 2
    readonly property real lineTrack: 1
    readonly property real lineProvenBar: 6
    readonly property real sizeSidebar: 208
    readonly property real sizeRail: 64
    readonly property real sizeTopBar: Math.round(56 * scale)
    readonly property real sizePagePadding: 32
    readonly property real sizePagePaddingCompact: 24
    readonly property real sizeInspector: 352
    readonly property real sizePreviewPane: 376
    readonly property real sizePaperMargin: 56
    readonly property real sizeFormWidth: 640
    readonly property real sizeButton: Math.round(36 * scale)
    readonly property real sizeButtonSmall: Math.round(28 * scale)
    readonly property real sizeButtonLarge: Math.round(44 * scale)
    readonly property real sizeField: Math.round(36 * scale)
    readonly property real sizeChip: Math.round(28 * scale)
    readonly property real sizeBadge: Math.round(20 * scale)
    readonly property real sizeTableHead: Math.round(32 * scale)
    readonly property real sizeTableRow: Math.round(36 * scale)
    readonly property real sizeListRow: Math.round(64 * scale)
    readonly property real sizeTimelineRow: Math.round(48 * scale)
    readonly property real sizeNavItem: Math.round(36 * scale)
    readonly property real sizeCheckbox: Math.round(16 * scale)
    readonly property real sizeIconSmall: Math.round(16 * scale)
    readonly property real sizeIcon: Math.round(20 * scale)
    readonly property real sizeSealInline: Math.round(16 * scale)
    readonly property real sizeSealHeadline: Math.round(56 * scale)
    readonly property real sizeSealCertificate: Math.round(96 * scale)
    readonly property real sizeMinimumTarget: Math.round(24 * scale)
    readonly property real breakpoint: 1280
    readonly property real sizeIconBadge: 14
    readonly property real sizeHomeRow: Math.round(72 * scale)
    readonly property real sizePartyRow: Math.round(52 * scale)
    readonly property real sizeSearch: 264
    readonly property real sizeCommand: 280
    readonly property real sizeColumnState: 148
    readonly property real sizeColumnOther: 152
    readonly property real sizeColumnEnds: 100
    readonly property real sizeColumnProof: 120
    readonly property real sizeColumnChanged: 64
    readonly property real sizePaperWidth: 672
    readonly property real sizeSignPaper: 736
    readonly property real sizeDraftPaper: 520
    readonly property real sizeDraftSide: 320
    readonly property real sizeClauses: 344
    readonly property real sizeClausesCompact: 264
    readonly property real sizeSideCompact: 288
    readonly property real sizeStepsBar: Math.round(196 * scale)
    readonly property real sizeTimeline: 784
    readonly property real sizePathWidth: 516
    readonly property real sizeMain: 784
    readonly property real sizeIdentityCard: Math.round(264 * scale)
    readonly property real sizeSettingsList: 240
    readonly property real sizeFirstRun: 560
    readonly property real sizePalette: 560
    readonly property real sizeDialogMin: 320
    readonly property real sizeDialogMax: 480
    readonly property real sizeAvatar: 32
    readonly property real sizeAvatarLarge: 40
    readonly property real sizeMarker: 24
    readonly property real sizeSectionHead: Math.round(32 * scale)
    readonly property real sizeQr: 136
    readonly property real sizeToast: Math.round(44 * scale)
    readonly property real sizeToastWidth: 480
    readonly property real sizeDot: 7
    readonly property real sizeProgress: 4
    readonly property real lineChain: 1.5
    readonly property real trackDash: 9
    readonly property real sizeSwitchWidth: 36
    readonly property real sizeSwitchHeight: 20
    readonly property real sizeWordCell: 176
    readonly property real sizeEmptyPaper: 56
    readonly property int durationInstant: 0
    readonly property int durationHover: lessMotion ? 0 : 80
    readonly property int durationFade: lessMotion ? 0 : 120
    readonly property int durationMove: lessMotion ? 0 : 140
    readonly property int durationMaximum: 150
    readonly property int durationHoldToSign: 1200
    readonly property int durationToast: 6000
    readonly property int durationUndoWindow: 10000
    readonly property int durationClipboardClear: 30000
    readonly property int durationProgressAfter: 300

    readonly property var types: ({
        "display": {"family": "Source Serif 4", "size": 28, "line": 36, "weight": 600, "spacing": -0.2},
        "title": {"family": "Inter", "size": 20, "line": 28, "weight": 600, "spacing": -0.2},
        "body": {"family": "Inter", "size": 14, "line": 20, "weight": 400, "spacing": 0},
        "bodyStrong": {"family": "Inter", "size": 14, "line": 20, "weight": 600, "spacing": 0},
        "button": {"family": "Inter", "size": 14, "line": 20, "weight": 500, "spacing": 0},
        "small": {"family": "Inter", "size": 12, "line": 16, "weight": 400, "spacing": 0},
        "smallStrong": {"family": "Inter", "size": 12, "line": 16, "weight": 600, "spacing": 0},
        "smallMedium": {"family": "Inter", "size": 12, "line": 16, "weight": 500, "spacing": 0},
        "mono": {"family": "JetBrains Mono", "size": 12, "line": 16, "weight": 400, "spacing": 0},
        "monoWords": {"family": "JetBrains Mono", "size": 14, "line": 20, "weight": 500, "spacing": 0},
        "paperTitle": {"family": "Source Serif 4", "size": 20, "line": 28, "weight": 600, "spacing": -0.1},
        "paperBody": {"family": "Source Serif 4", "size": 16, "line": 26, "weight": 400, "spacing": 0},
    })

    readonly property var checks: ({
        "verified": {"word": qsTr("Verified"), "icon": "seal-check-fill", "colour": "verified", "fill": "verifiedTint", "border": "transparent"},
        "passed": {"word": qsTr("Passed"), "icon": "check-circle", "colour": "passed", "fill": "passedTint", "border": "transparent"},
        "failed": {"word": qsTr("Failed"), "icon": "x-circle-fill", "colour": "failed", "fill": "failedTint", "border": "transparent"},
        "pending": {"word": qsTr("Pending"), "icon": "hourglass-medium", "colour": "pending", "fill": "pendingTint", "border": "transparent"},
        "notChecked": {"word": qsTr("Not checked"), "icon": "circle-dashed", "colour": "notChecked", "fill": "notCheckedTint", "border": "transparent"},
        "notApplicable": {"word": qsTr("Not applicable"), "icon": "minus-circle", "colour": "notApplicable", "fill": "notApplicableTint", "border": "transparent"},
        "undecided": {"word": qsTr("Undecided"), "icon": "question", "colour": "pending", "fill": "pendingTint", "border": "transparent"},
    })
    readonly property var contracts: ({
        "draft": {"word": qsTr("Draft"), "icon": "pencil-simple", "colour": "notChecked", "fill": "notCheckedTint", "border": "transparent"},
        "proposed": {"word": qsTr("Proposed"), "icon": "paper-plane-tilt", "colour": "accentText", "fill": "transparent", "border": "hairlineStrong"},
        "waitingForYou": {"word": qsTr("Waiting for you"), "icon": "pen-nib-fill", "colour": "accentInk", "fill": "accent", "border": "transparent"},
        "waitingForOthers": {"word": qsTr("Waiting for others"), "icon": "users", "colour": "inkSecondary", "fill": "transparent", "border": "hairlineStrong"},
        "active": {"word": qsTr("Active"), "icon": "handshake", "colour": "accentText", "fill": "accentTint", "border": "transparent"},
        "declined": {"word": qsTr("Declined"), "icon": "x-circle", "colour": "failed", "fill": "failedTint", "border": "transparent"},
        "withdrawn": {"word": qsTr("Withdrawn"), "icon": "arrow-u-up-left", "colour": "notChecked", "fill": "notCheckedTint", "border": "transparent"},
        "terminated": {"word": qsTr("Terminated"), "icon": "prohibit", "colour": "ink", "fill": "notCheckedTint", "border": "transparent"},
        "expired": {"word": qsTr("Expired"), "icon": "calendar-x", "colour": "pending", "fill": "pendingTint", "border": "transparent"},
    })
}
