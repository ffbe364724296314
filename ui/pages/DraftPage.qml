pragma ComponentBehavior: Bound

import QtQuick
import Cms.Theme
import Cms.Components
import Cms.ViewModels
import "draft"
import "paper"

// Left the clauses, in the middle the paper, right the people and what is missing.
FocusScope {
    id: page

    required property DraftViewModel vm
    readonly property bool compact: width < Theme.breakpoint - Theme.sizeSidebar

    // The button of a missing item leads to the field that fills it.
    function lead(place) {
        const [, part, digits] = /^\/(\w+)\/?(\d*)/.exec(place) ?? ["", "", ""];
        const index = parseInt(digits || "0", 10);
        if (part === "terms")
            index < page.vm.clauses.count ? page.vm.edit(index) : page.vm.add_clause(-1);
        else if (part === "parties")
            index < page.vm.parts.parties.count ? party.edit(index) : people.open();
        else if (part === "variables")
            left.focusVariable();
        else if (part === "title")
            left.focusTitle();
        else
            right.forceActiveFocus(Qt.TabFocusReason);
    }

    PageHeader {
        id: header

        width: parent.width
        title: page.vm.title === "" ? qsTr("Without a title") : page.vm.title
        serif: true
        back: true
        badge: "draft"
        badgeText: page.vm.amends ? qsTr("Draft of a revision") : qsTr("Draft")
        onBackClicked: page.vm.close()

        Row {
            height: Theme.sizeButton
            spacing: Theme.space(0.5)
            visible: page.vm.saved !== ""

            Icon {
                anchors.verticalCenter: parent.verticalCenter
                name: "check"
                size: Theme.sizeIconBadge
                color: Theme.saved
            }
            T {
                objectName: "draftSaved"
                anchors.verticalCenter: parent.verticalCenter
                role: "small"
                text: page.vm.saved
                color: Theme.saved
            }
        }
        IconButton {
            objectName: "draftDiscard"
            icon: "trash"
            tip: qsTr("Delete the draft")
            onClicked: page.vm.discard()
        }
    }
    ClausesPane {
        id: left

        objectName: "draftClauses"
        anchors {
            top: header.bottom
            bottom: parent.bottom
            left: parent.left
        }
        width: page.compact ? Theme.sizeClausesCompact : Theme.sizeClauses
        vm: page.vm
        focus: true
    }
    Rectangle {
        id: desk

        anchors {
            top: header.bottom
            bottom: parent.bottom
            left: left.right
            right: right.left
        }
        color: Theme.ground

        PaperList {
            id: paper

            objectName: "draftPaper"
            anchors.fill: parent
            sheetWidth: Math.min(width - 2 * Theme.space(page.compact ? 1 : 3), Theme.sizeDraftPaper)
            model: page.vm.paper
            activeClause: page.vm.active
            activeFocusOnTab: false
            Accessible.name: qsTr("Preview of the text")
            onClausePressed: clause => page.vm.edit(clause)

            Connections {
                target: page.vm
                function onActiveChanged() {
                    if (page.vm.active >= 0)
                        paper.showClause(page.vm.active);
                }
            }
        }
    }
    DraftSide {
        id: right

        objectName: "draftSide"
        anchors {
            top: header.bottom
            bottom: parent.bottom
            right: parent.right
        }
        width: page.compact ? Theme.sizeSideCompact : Theme.sizeDraftSide
        vm: page.vm
        onAddWanted: people.open()
        onPartyWanted: place => party.edit(place)
        onProposeWanted: propose.open()
        onLed: place => page.lead(place)
    }
    AddPartyDialog {
        id: people

        objectName: "draftAddParty"
        parts: page.vm.parts
    }
    PartyDialog {
        id: party

        objectName: "draftParty"
        parts: page.vm.parts
    }
    ProposeDialog {
        id: propose

        objectName: "draftPropose"
        vm: page.vm
    }
}
