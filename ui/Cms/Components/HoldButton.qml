import QtQuick
import Cms.Theme

// Holds for 1.2 s with the pointer, Space or Enter. Let go: it falls back at once and nothing happened.
FocusScope {
    id: hold

    property string text
    property string holdingText: qsTr("Keep holding")
    property string icon: "pen-nib"
    property int duration: Theme.durationHoldToSign
    readonly property bool holding: fill.running
    property real progress: 0

    signal held

    function begin() {
        if (!enabled || holding)
            return;
        progress = 0;
        fill.start();
    }
    function letGo() {
        fill.stop();
        progress = 0;
    }

    implicitWidth: Theme.space(24)
    implicitHeight: Theme.sizeButtonLarge
    activeFocusOnTab: true
    Accessible.role: Accessible.Button
    Accessible.name: text
    Accessible.description: qsTr("Hold Space or Enter for 1.2 seconds")
    Accessible.focusable: true
    Keys.onPressed: event => {
        if (![Qt.Key_Space, Qt.Key_Return, Qt.Key_Enter].includes(event.key))
            return;
        event.accepted = true;
        if (!event.isAutoRepeat)
            begin();
    }
    Keys.onReleased: event => {
        if (!event.isAutoRepeat)
            letGo();
    }
    onActiveFocusChanged: letGo()
    onEnabledChanged: letGo()

    NumberAnimation {
        id: fill

        target: hold
        property: "progress"
        from: 0
        to: 1
        duration: hold.duration
        onFinished: {
            hold.progress = 0;
            hold.held();
        }
    }
    HoldFace {
        anchors.fill: parent
        lit: !hold.holding
        off: !hold.enabled
        icon: hold.icon
        text: hold.holding ? hold.holdingText : hold.text
    }
    Item {
        height: parent.height
        width: parent.width * (Theme.lessMotion ? Math.floor(hold.progress * 4) / 4 : hold.progress)
        clip: true

        HoldFace {
            width: hold.width
            height: hold.height
            lit: true
            icon: hold.icon
            text: hold.holdingText
        }
    }
    MouseArea {
        anchors.fill: parent
        onPressed: {
            hold.forceActiveFocus(Qt.MouseFocusReason);
            hold.begin();
        }
        onReleased: hold.letGo()
        onCanceled: hold.letGo()
        onExited: hold.letGo()
    }
    FocusRing {
        shown: hold.activeFocus
    }
}
