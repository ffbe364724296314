pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Cms.Theme

// Kinds: primary, secondary, quiet, destructive, danger (filled, in dialogs), row (a whole row of a list).
Pressable {
    id: button

    property string kind: "secondary"
    property string icon
    property string shortcutHint
    property string hint
    property string tip
    property bool small: false
    property bool large: false
    property bool busy: false
    readonly property bool row: kind === "row"
    readonly property bool filled: kind === "primary" || kind === "danger"
    readonly property bool lit: filled || (kind === "destructive" && down)
    readonly property color ink: !enabled ? Theme.inkDisabled : kind === "primary" ? Theme.accentInk : kind === "danger" || (kind === "destructive" && down) ? Theme.failedInk : kind === "destructive" ? Theme.failed : kind === "quiet" ? Theme.accentText : Theme.ink
    readonly property color fill: {
        if (!enabled)
            return kind === "quiet" || row ? Theme.transparent : Theme.sunken;
        if (kind === "primary")
            return down ? Theme.accentPressed : hovered ? Theme.accentHover : Theme.accent;
        if (kind === "danger")
            return down || hovered ? Theme.dangerHover : Theme.danger;
        if (kind === "destructive")
            return down ? Theme.danger : hovered ? Theme.failedTint : Theme.surface;
        const rest = kind === "secondary" ? Theme.surface : Theme.transparent;
        return down ? Theme.sunken : hovered ? Theme.hover : rest;
    }

    implicitWidth: line.implicitWidth + leftPadding + rightPadding
    implicitHeight: large ? Theme.sizeButtonLarge : small ? Theme.sizeButtonSmall : Theme.sizeButton
    leftPadding: Theme.space(row || small ? 1.5 : kind === "quiet" ? 1.5 : large ? 3 : 2)
    rightPadding: leftPadding
    opacity: busy ? 0.7 : 1
    Accessible.description: [tip, shortcutHint].filter(part => part !== "").join(", ")

    contentItem: Item {
        implicitWidth: line.implicitWidth
        implicitHeight: line.implicitHeight

        RowLayout {
            id: line

            anchors.verticalCenter: parent.verticalCenter
            x: button.row ? 0 : Math.max(0, Math.round((parent.width - width) / 2))
            width: button.row ? parent.width : Math.min(implicitWidth, parent.width)
            spacing: Theme.space(1)

            Icon {
                id: glyph

                visible: name !== ""
                name: button.busy ? "hourglass-medium" : button.icon
                size: Theme.sizeIconSmall
                color: button.row && button.enabled ? Theme.inkSecondary : button.ink
                Layout.preferredWidth: size
            }
            T {
                id: words

                Layout.fillWidth: true
                role: "button"
                text: button.text
                color: button.ink
                elide: Text.ElideRight
            }
            T {
                visible: text !== ""
                role: button.row ? "mono" : "small"
                text: button.hint
                color: Theme.inkTertiary
            }
        }
    }
    background: Rectangle {
        radius: Theme.radiusControl
        color: button.fill
        border.width: button.kind === "secondary" || button.kind === "destructive" ? (button.enabled && !button.lit ? Theme.lineControl : 0) : 0
        border.color: button.down || button.hovered ? Theme.controlBorder : Theme.hairlineStrong

        FocusRing {
            shown: button.visualFocus
            inner: button.row
        }
    }
    Tip {
        visible: button.hovered && (button.tip !== "" || button.shortcutHint !== "")
        text: button.tip !== "" ? button.tip : button.text
        keys: button.shortcutHint
    }
}
