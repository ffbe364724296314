import QtQuick
import Cms.Theme

// One toast at a time, at the bottom in the middle: 6 s, 10 s where it can be undone; hovering stops the clock.
Item {
    id: host

    property string text
    property string action

    signal acted

    function show(words, button) {
        text = words;
        action = button;
        clock.restart();
    }

    anchors.fill: parent

    Toast {
        id: toast

        objectName: "toast"
        anchors.horizontalCenter: parent.horizontalCenter
        y: parent.height - height - Theme.space(3)
        width: Math.min(Theme.sizeToastWidth, parent.width - Theme.space(4))
        visible: host.text !== ""
        text: host.text
        action: host.action
        icon: host.action === qsTr("Undo") ? "arrow-counter-clockwise" : "info"
        onHeldChanged: held ? clock.stop() : clock.restart()
        onActed: {
            host.text = "";
            host.acted();
        }
    }
    Timer {
        id: clock

        interval: host.action === "" ? Theme.durationToast : Theme.durationUndoWindow
        onTriggered: host.text = ""
    }
}
