import QtQuick
import QtQuick.Templates as Base

// What every button is made of: pointer, Space and Enter press it; a screen reader too.
Base.Control {
    id: press

    property string text
    property bool down: area.pressed && area.containsMouse || keyDown
    property bool keyDown: false

    signal clicked

    function click() {
        if (enabled)
            clicked();
    }

    hoverEnabled: true
    focusPolicy: Qt.StrongFocus
    activeFocusOnTab: true
    Accessible.role: Accessible.Button
    Accessible.name: text
    Accessible.focusable: true
    Accessible.onPressAction: click()
    Keys.onPressed: event => {
        if (![Qt.Key_Space, Qt.Key_Return, Qt.Key_Enter].includes(event.key))
            return;
        event.accepted = true;
        if (!event.isAutoRepeat)
            keyDown = true;
    }
    Keys.onReleased: event => {
        if (event.isAutoRepeat || !keyDown)
            return;
        keyDown = false;
        event.accepted = true;
        click();
    }
    onActiveFocusChanged: keyDown = false

    MouseArea {
        id: area

        anchors.fill: parent
        z: 1
        hoverEnabled: false
        onPressed: if (press.focusPolicy & Qt.ClickFocus)
            press.forceActiveFocus(Qt.MouseFocusReason)
        onClicked: press.click()
    }
}
