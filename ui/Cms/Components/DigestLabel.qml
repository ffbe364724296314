import QtQuick
import QtQuick.Layouts
import Cms.Theme

// Shortened in the middle; the whole on hover; a click or Ctrl+C copies it.
Pressable {
    id: label

    property string value
    property string shown: shortened(value)
    property bool copied: false
    property color ink: Theme.inkSecondary

    function shortened(text) {
        return text.length > 26 ? text.slice(0, text.startsWith("did:") ? 18 : 10) + "…" + text.slice(-8) : text;
    }

    text: value
    implicitWidth: line.implicitWidth
    implicitHeight: Theme.sizeMinimumTarget
    visible: value !== ""
    Accessible.name: qsTr("Copy %1").arg(value)
    Keys.onPressed: event => {
        if (event.matches(StandardKey.Copy))
            click();
    }
    onClicked: {
        clipboard.text = value;
        clipboard.selectAll();
        clipboard.copy();
        copied = true;
        back.restart();
    }

    contentItem: Item {
        implicitWidth: line.implicitWidth

        RowLayout {
            id: line

            anchors.verticalCenter: parent.verticalCenter
            width: Math.min(implicitWidth, parent.width)
            spacing: Theme.space(0.75)

            T {
                Layout.fillWidth: true
                role: "mono"
                text: label.shown
                color: label.hovered ? Theme.ink : label.ink
                elide: Text.ElideMiddle
            }
            Icon {
                name: label.copied ? "check" : "copy"
                size: Theme.sizeIconBadge
                color: label.copied ? Theme.accentText : Theme.inkTertiary
            }
            T {
                visible: label.copied
                role: "small"
                text: qsTr("Copied")
                color: Theme.accentText
            }
        }
    }
    background: Rectangle {
        anchors.fill: parent
        anchors.margins: -Theme.space(0.25)
        radius: Theme.radiusBadge
        color: label.hovered ? Theme.hover : Theme.transparent

        FocusRing {
            shown: label.visualFocus
            inner: true
        }
    }

    TextInput {
        id: clipboard

        visible: false
        activeFocusOnTab: false
    }
    Timer {
        id: back

        interval: 2000
        onTriggered: label.copied = false
    }
    Tip {
        visible: label.hovered && label.shown !== label.value
        text: label.value
    }
}
